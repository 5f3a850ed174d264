"""A mentee fills in the whole form in French, on a narrow phone, without scripts, in two sittings."""

from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e.web.conftest import Served
from tests.support.waiting import wait_until

NAME = "Amina Haddad"


def a_phone(browser: Browser, served: Served) -> BrowserContext:
    return browser.new_context(
        base_url=served.url, viewport={"width": 320, "height": 640}, locale="fr-CA", java_script_enabled=False
    )


def go_on(page: Page) -> None:
    assert page.locator("html").get_attribute("lang") == "fr-CA"
    page.get_by_role("button", name="Suivant").click()


def is_sent(page: Page) -> bool:
    """Press the button, and say whether that was enough: who is faster than anybody reads is asked to read again."""
    with page.expect_navigation():
        page.get_by_role("button", name="Envoyer mes réponses").click()
    return page.get_by_role("alert").count() == 0


def begins(page: Page) -> str:
    """Her name and a mistake, her address, and the link she notes down."""
    page.goto("/join/mentee")
    page.get_by_role("button", name="Commencer").click()
    page.get_by_label("Votre nom").fill(NAME)
    go_on(page)
    go_on(page)
    assert page.get_by_role("alert").get_by_role("link").inner_text().startswith("Veuillez donner une adresse")
    page.get_by_label("Courriel").fill("amina.haddad@example.org")
    go_on(page)
    page.get_by_text("Revenir plus tard").click()
    return page.get_by_label("Lien vers vos réponses").input_value()


def goes_on(page: Page) -> None:
    """Everything else, up to the list of answers."""
    page.get_by_label("Medicine Hat").check()
    go_on(page)
    page.get_by_label("Votre travail").fill("dentiste")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_label("Dentistes").check()
    go_on(page)
    page.locator("#language_1").select_option(label="Arabe")
    page.locator("#level_1").select_option("12")
    page.locator("#language_2").select_option(label="Français")
    page.locator("#level_2").select_option("6")
    go_on(page)
    for chosen in ("Entrevues", "Les deux me vont", "Lundi, soir"):
        page.get_by_label(chosen).check()
        go_on(page)
    go_on(page)
    for answer in ("Oui", "Non"):
        page.get_by_label(answer, exact=True).check()
        go_on(page)


def test_a_mentee_walks_through_the_form_in_french_and_resumes_by_her_link(browser: Browser, served: Served) -> None:
    first = a_phone(browser, served)
    link = begins(first.new_page())
    first.close()

    page = a_phone(browser, served).new_page()
    page.goto(link)
    goes_on(page)
    said = page.get_by_role("main").inner_text()
    page.get_by_role("link", name="Changer : Comment vous appelez-vous?").click()
    page.get_by_label("Votre nom").fill(f"{NAME} Saleh")
    page.get_by_role("button", name="Enregistrer").click()
    wait_until(lambda: is_sent(page), within=30, what="a machine is slow enough to pass for a person")
    thanked = page.get_by_role("main").inner_text()
    page.get_by_role("button", name="Tout reprendre").click()

    assert all(text in said for text in (NAME, "Dentistes", "Entrevues", "Lundi, soir"))
    assert "Merci. Nous avons vos réponses." in thanked
    assert "Seul le personnel" in thanked
    assert page.get_by_role("heading", level=1).inner_text() == "Vos réponses sont effacées"
