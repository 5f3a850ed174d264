"""Signing in and out through the real form, with real sessions."""

from dataclasses import replace
from datetime import timedelta

import pytest

from federation.ground.engine import make_engine
from node.adapters.sql.tables import SIGNIN
from node.domain.signin import FREE_ON_ONE_ACCOUNT, IDLE, MOST_FROM_ONE_PLACE, WINDOW, digest
from tests.support.node import PROGRAM
from tests.support.web import EMAIL, OPERATOR, PASSWORD, ROBIN, WebNode, browser

pytestmark = pytest.mark.anyio


async def test_a_coordinator_signs_in_sees_today_and_signs_out(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        first = await robin.see("/")
        inside = await robin.sign_in()
        today = await robin.see("/")
        out = await robin.send("/sign-out", {}, page="/")
        after = await robin.see("/")

    assert (first.status_code, first.headers["location"]) == (303, "/sign-in")
    assert (inside.status_code, inside.headers["location"]) == (303, "/")
    assert today.status_code == 200
    assert "Robin Tremblay" in today.text
    assert (out.status_code, out.headers["location"]) == (303, "/sign-in?done=out")
    assert after.headers["location"] == "/sign-in"


async def test_who_is_signed_in_is_not_asked_again(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        await robin.sign_in()

        assert (await robin.see("/sign-in")).headers["location"] == "/"


@pytest.mark.parametrize(("email", "password"), [(EMAIL, "wrong wrong wrong"), ("nobody@example.org", PASSWORD)])
async def test_a_wrong_password_and_an_unknown_address_look_alike(web_node: WebNode, email: str, password: str) -> None:
    async with browser(web_node.app()) as stranger:
        answer = await stranger.sign_in(email, password)

    assert answer.status_code == 422
    assert "The e-mail address or the password is wrong." in answer.text
    assert f'value="{email}"' in answer.text
    assert password not in answer.text
    assert not any(name.startswith("session") for name in answer.cookies)


async def test_a_closed_account_and_one_without_password_stay_out(web_node: WebNode) -> None:
    nameless = replace(ROBIN, id=OPERATOR.id, email="new@example.org")
    with web_node.program.work() as work:
        work.users.add(nameless)

    async with browser(web_node.app()) as stranger:
        assert (await stranger.sign_in("new@example.org", "")).status_code == 422
        assert (await stranger.sign_in("new@example.org", PASSWORD)).status_code == 422


async def test_a_blank_form_says_which_fields_and_links_to_them(web_node: WebNode) -> None:
    async with browser(web_node.app(), language="fr-CA") as stranger:
        answer = await stranger.sign_in("", "")

    assert answer.status_code == 422
    assert '<a href="#email">Saisissez votre adresse courriel.</a>' in answer.text
    assert '<a href="#password">Saisissez votre mot de passe.</a>' in answer.text
    assert "<title>Erreur\N{NO-BREAK SPACE}: Connexion" in answer.text


async def test_a_session_ends_by_itself(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        web_node.clock.advance(IDLE - timedelta(minutes=1))
        assert (await robin.see("/")).status_code == 200
        web_node.clock.advance(IDLE - timedelta(minutes=1))
        assert (await robin.see("/")).status_code == 200
        web_node.clock.advance(IDLE)

        assert (await robin.see("/")).headers["location"] == "/sign-in"


async def test_signing_out_everywhere_ends_every_browser_and_no_other_persons(web_node: WebNode) -> None:
    with web_node.program.work() as work:
        work.users.add(replace(ROBIN, id=OPERATOR.id, email="other@example.org"))
    web_node.services.entrance.set_password(OPERATOR, "other@example.org", PASSWORD)
    app = web_node.app()
    async with browser(app) as here, browser(app) as there, browser(app) as other:
        for one, email in ((here, EMAIL), (there, EMAIL), (other, "other@example.org")):
            await one.sign_in(email)
        await here.send("/sign-out-everywhere", {}, page="/")

        assert [(await one.see("/")).status_code for one in (here, there, other)] == [303, 303, 200]


async def test_a_new_password_ends_every_session(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        web_node.services.entrance.set_password(OPERATOR, EMAIL, "another good sentence")

        assert (await robin.see("/")).status_code == 303
        assert (await robin.sign_in()).status_code == 422
        assert (await robin.sign_in(password="another good sentence")).status_code == 303


async def test_a_closed_user_is_out_at_once(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        with web_node.program.work() as work:
            work.connection.exec_driver_sql("update users set state = 'closed'")

        assert (await robin.see("/")).headers["location"] == "/sign-in"
        assert (await robin.sign_in()).status_code == 422


async def test_the_database_holds_no_token(web_node: WebNode, sqlite_url: str) -> None:
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        tokens = [robin.cookie(name) for name in ("session", "browser")]
    engine = make_engine(sqlite_url)
    with engine.connect() as connection:
        kept = [connection.execute(table.select()).one().digest for table in (SIGNIN.sessions, SIGNIN.browsers)]
    engine.dispose()

    assert kept == [digest(token) for token in tokens]
    assert not set(kept) & set(tokens)


async def test_a_session_is_always_a_new_one(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        first = robin.cookie("session")
        await robin.send("/sign-out", {}, page="/")
        await robin.sign_in()

        assert robin.cookie("session") != first


async def test_two_programs_on_one_machine_do_not_share_cookies(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        names = {cookie.name for cookie in robin.client.cookies.jar}

    assert names == {f"session-{PROGRAM.id}", f"browser-{PROGRAM.id}"}


async def test_cookies_are_bound_to_a_public_host(web_node: WebNode) -> None:
    address = "https://mentors.example.org"
    async with browser(web_node.app(address), address=address) as robin:
        given = (await robin.sign_in()).headers.get_list("set-cookie")
        assert (await robin.see("/")).status_code == 200

    kept = [cookie for cookie in given if "Max-Age=0" not in cookie]
    assert {cookie.partition("=")[0] for cookie in kept} == {"__Host-session", "__Host-browser"}
    for cookie in kept:
        assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


async def test_guessing_from_one_place_is_refused_for_a_while(web_node: WebNode) -> None:
    app = web_node.app()
    async with browser(app, place="192.0.2.66") as guesser, browser(app, place="192.0.2.9") as robin:
        for number in range(MOST_FROM_ONE_PLACE):
            assert (await guesser.sign_in(f"{number}@example.org", "guess guess guess")).status_code == 422
        late = await guesser.sign_in()

        assert late.status_code == 429
        assert "Wait 15 minutes" in late.text
        assert (await robin.sign_in()).status_code == 303
        web_node.clock.advance(WINDOW + timedelta(seconds=1))
        assert (await guesser.sign_in()).status_code == 303


async def test_a_household_of_ipv6_is_one_place(web_node: WebNode) -> None:
    app = web_node.app()
    for number in range(MOST_FROM_ONE_PLACE):
        async with browser(app, place=f"2001:db8:1:2::{number:x}") as guesser:
            await guesser.sign_in(f"{number}@example.org", "guess guess guess")

    async with browser(app, place="2001:db8:1:2:ffff::1") as same, browser(app, place="2001:db8:1:3::1") as next_door:
        assert (await same.sign_in()).status_code == 429
        assert (await next_door.sign_in()).status_code == 303


async def test_guessing_slows_an_account_down_but_never_locks_it(web_node: WebNode) -> None:
    app = web_node.app()
    for number in range(FREE_ON_ONE_ACCOUNT):
        async with browser(app, place=f"198.51.100.{number}") as guesser:
            await guesser.sign_in(password="guess guess guess")

    async with browser(app, place="192.0.2.9") as robin:
        assert (await robin.sign_in()).status_code == 303


async def test_nobody_can_spoil_a_browser_that_signed_in_before(web_node: WebNode) -> None:
    app = web_node.app()
    place = "192.0.2.66"
    async with browser(app, place=place) as robin, browser(app, place=place) as guesser:
        await robin.sign_in()
        await robin.send("/sign-out", {}, page="/")
        for number in range(MOST_FROM_ONE_PLACE):
            await guesser.sign_in(f"{number}@example.org", "guess guess guess")
        assert (await guesser.sign_in()).status_code == 429

        assert (await robin.sign_in("somebody@example.org")).status_code == 429
        assert (await robin.sign_in()).status_code == 303
