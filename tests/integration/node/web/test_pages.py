"""What holds for every page: nothing without signing in, strict headers, two languages, errors as pages."""

import re
from datetime import timedelta

import pytest

from node.services.checks import Finding
from node.words import LANGUAGES, catalogue
from tests.support.web import WebNode, browser

pytestmark = pytest.mark.anyio
OPEN = {
    "/sign-in",
    "/sign-in/code",
    "/sign-in/passkey",
    "/sign-in/passkey/ask",
    "/sign-in/provider",
    "/sign-in/provider/back",
    "/password/{link}",
    "/still/{digest}/{name}",
    "/visit/shown/{page}",
    "/me/link/{link}",
    "/me/sign-in",
    "/join/{kind}",
    *(f"/join/a/{{link}}{step}" for step in ("", "/{step}", "/check", "/sent", "/take-back")),
}
FORBIDDEN = {
    "en": ["lane", "batch", "epoch", "roster", "envelope", "seal", "seq", "outbox", "need card"],
    "fr": ["couloir", "lot", "époque", "registre des membres", "enveloppe", "sceau", "carte de besoin"],
}


def paths(web_node: WebNode, method: str) -> set[str]:
    known = web_node.app().openapi()["paths"]
    return {path for path, methods in known.items() if method.lower() in methods}


async def test_nobody_gets_anything_without_signing_in(web_node: WebNode) -> None:
    address = "https://mentors.example.org"
    async with browser(web_node.app(address), address=address) as stranger:
        for path in paths(web_node, "GET") - OPEN:
            answer = await stranger.see(path)
            assert (answer.status_code, answer.headers["location"], answer.text) == (303, entrance(path), "")
        for path in paths(web_node, "POST") - OPEN:
            answer = await stranger.post(path, {})
            assert (answer.status_code, answer.headers["location"]) == (303, entrance(path))
    assert {"/", "/sign-out", *OPEN} <= paths(web_node, "GET") | paths(web_node, "POST")


def entrance(path: str) -> str:
    """Staff and participants come in by doors of their own."""
    return "/me/sign-in" if path.split("/")[1] == "me" else "/sign-in"


async def test_participants_have_no_pages_where_only_one_machine_is_served(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        for method, go in (("GET", robin.see), ("POST", lambda path: robin.post(path, {}))):
            for path in paths(web_node, method):
                assert entrance(path) == "/sign-in" or (await go(path)).status_code == 404


async def test_every_answer_is_strict(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        stills = re.findall(r'"(/still/[^"]+)"', (await robin.see("/")).text)
        answers = [await robin.see(path) for path in ("/", "/sign-in", "/nowhere", "/still/x/icon.svg", *stills)]

    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert "http" not in policy
    assert [answer.headers["cache-control"][:8] for answer in answers] == ["no-store"] * 4 + ["public, "] * len(stills)
    assert len(set(stills)) >= 3


async def test_pages_ask_nobody_else_for_anything(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        page = (await robin.see("/")).text
        stills = re.findall(r'"(/still/[^"]+css)"', page)
        text = page + "".join([(await robin.see(path)).text for path in stills])

    assert re.findall(r"(?:https?:)?//[a-z]", text) == []
    assert re.findall(r"<script(?! src=)", text) == []
    assert " style=" not in text


async def test_the_language_is_that_of_the_browser_until_one_is_chosen(web_node: WebNode) -> None:
    app = web_node.app()
    async with browser(app, language="de, fr-CA;q=0.9, en;q=0.1") as robin:
        assert '<html lang="fr-CA"' in (await robin.see("/sign-in")).text
        assert '<html lang="en-CA"' in (await robin.see("/sign-in?lang=en")).text
        assert '<html lang="en-CA"' in (await robin.see("/sign-in")).text
        assert (await robin.see("/?lang=fr")).status_code == 303
        assert '<html lang="fr-CA"' in (await robin.see("/sign-in")).text


@pytest.mark.parametrize("header", ["", "de", "fr;q=0", "fr;q=often", "*"])
async def test_the_language_is_the_programs_where_the_browser_has_none_of_ours(web_node: WebNode, header: str) -> None:
    async with browser(web_node.app(), language=header) as robin:
        page = await robin.see("/sign-in?lang=xx")

    assert page.headers["content-language"] == "en"
    assert not any(name.startswith("language") for name in page.cookies)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_people_never_read_the_words_of_the_machine_room(web_node: WebNode, language: str) -> None:
    async with browser(web_node.app(), language=language) as robin:
        read = [await robin.see("/sign-in"), await robin.sign_in("", ""), await robin.see("/nowhere")]
        await robin.sign_in()
        read.append(await robin.see("/"))
    index = LANGUAGES.index(language)
    worded = [
        words[index]
        for code, words in catalogue().items()
        if code.startswith(("today.", "page.", "signin.", "across.", "letters."))
    ]
    spoken = [text for text in worded if not text.startswith("outbox retry")]

    for text in [*(re.sub(r"<[^>]*>", " ", page.text) for page in read), *spoken]:
        found = [word for word in FORBIDDEN[language] if re.search(rf"\b{word}s?\b", text, re.IGNORECASE)]
        assert found == [], text


async def test_a_page_that_is_not_there_says_so_in_both_languages(web_node: WebNode) -> None:
    for language, said in (("en", "There is no such page."), ("fr", "Cette page n&#39;existe pas.")):
        async with browser(web_node.app(), language=language) as robin:
            answer = await robin.see("/nowhere")
        assert answer.status_code == 404
        assert said in answer.text


async def test_what_goes_wrong_shows_a_number_and_nothing_else(
    web_node: WebNode, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> Finding:
        raise ValueError("Amara Okafor")

    async with browser(web_node.with_checks(broken).app(), language="fr") as robin:
        await robin.sign_in()
        answer = await robin.see("/")

    assert answer.status_code == 500
    assert "imprévu" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    incident = re.search(r"[0-9a-f]{12}(?=</p>)", answer.text)
    assert incident is not None
    logged = capsys.readouterr()
    assert incident[0] in logged.out + logged.err
    assert "Amara" not in answer.text + logged.out + logged.err


async def test_a_form_that_cannot_be_read_is_a_page_too(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        await robin.see("/sign-in")
        headers = {"Sec-Fetch-Site": "same-origin"}
        odd = await robin.client.post("/sign-in", files={"token": ("a.txt", b"x")}, headers=headers)
        huge = await robin.client.post("/sign-in", content=b"x" * 100_000, headers=headers)
        seen = await robin.client.post(
            "/sign-in", content=b"x" * 100_000, headers={**headers, "Accept": "text/html,*/*;q=0.8"}
        )

    assert odd.status_code == 422
    assert "This could not be read." in odd.text
    assert (huge.status_code, huge.headers["content-type"]) == (413, "application/problem+json")
    assert (seen.status_code, "This is too large." in seen.text) == (413, True)


async def test_an_officer_reads_today_and_nothing_is_kept_from_her(web_node: WebNode) -> None:
    with web_node.program.work() as work:
        work.connection.exec_driver_sql("update users set role = 'officer'")
    async with browser(web_node.app()) as officer:
        await officer.sign_in()

        assert (await officer.see("/")).status_code == 200
        person = web_node.program.mentee().id
        forms = ("/people/new", "/people/import", f"/people/{person}/edit", f"/people/{person}/pause")
        assert [(await officer.see(form)).status_code for form in forms] == [403] * 4


async def test_a_page_costs_the_same_however_many_people_wait(web_node: WebNode) -> None:
    for number in range(30):
        web_node.program.mentee(email=f"{number}@example.org")
    web_node.clock.advance(timedelta(days=8))
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        text = (await robin.see("/")).text

    assert text.count('<li class="matter">') == 10
    assert "20 more mentees have waited more than 7 days." in text
