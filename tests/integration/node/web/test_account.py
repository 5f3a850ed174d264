"""One's own account through the real pages: password, second factor, recovery codes, sessions."""

import re
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta

import httpx
import pyotp
import pytest

from node.adapters.sql.tables import SIGNIN
from node.domain.actor import Role, UserId
from node.domain.factor import HALF_OPEN, MOST_CODES, RECOVERY_CODES, TRIES, Demand
from node.domain.signin import MOST_FROM_ONE_PLACE, WINDOW
from node.services.sessions import Recognize
from tests.support.node import new_id
from tests.support.web import EMAIL, OPERATOR, PASSWORD, ROBIN, Browser, WebNode, browser

pytestmark = pytest.mark.anyio
NEW = "seven geese over the river"
STEP = timedelta(seconds=30)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"


def code_of(web_node: WebNode, secret: str) -> str:
    return pyotp.TOTP(secret).at(web_node.clock.now())


async def set_up(web_node: WebNode, robin: Browser) -> tuple[str, list[str]]:
    """Her second factor, switched on; the secret of her app and her recovery codes."""
    begun = await robin.send("/account/second-factor", {"password": PASSWORD})
    found = re.search(r"<code>((?:[A-Z2-7]{4} ?){8})</code>", begun.text)
    assert found is not None
    secret = found[1].replace(" ", "")
    fields = {"code": code_of(web_node, secret)}
    done = await robin.send("/account/second-factor/confirm", fields, page="/account")
    web_node.clock.advance(STEP)
    return secret, re.findall(r"<code>([a-z2-9-]{14})</code>", done.text)


async def enter(visitor: Browser, code: str) -> httpx.Response:
    await visitor.sign_in()
    return await visitor.send("/sign-in/code", {"code": code})


async def test_a_second_factor_is_set_up_with_the_password_and_asked_for_from_then_on(web_node: WebNode) -> None:
    app = web_node.app()
    async with browser(app) as robin, browser(app, place="192.0.2.9") as elsewhere:
        await robin.sign_in()
        wrong = await robin.send("/account/second-factor", {"password": "not the password"})
        begun = await robin.send("/account/second-factor", {"password": PASSWORD})
        early = await robin.send("/account/second-factor/confirm", {"code": "000000"}, page="/account")
        secret, codes = await set_up(web_node, robin)
        again = await robin.send("/account/second-factor/confirm", {"code": "000000"}, page="/account")
        half = await elsewhere.sign_in()
        nothing_yet = await elsewhere.see("/")
        asked = await elsewhere.see("/sign-in/code")
        blank = await elsewhere.send("/sign-in/code", {"code": " "})
        code = code_of(web_node, secret)
        inside = await elsewhere.send("/sign-in/code", {"code": f"{code[:3]} {code[3:]}"})
        shown = await elsewhere.see("/account")

    assert (wrong.status_code, "This is not your password." in wrong.text) == (422, True)
    assert "<svg" in begun.text
    assert " style=" not in begun.text
    assert (early.status_code, "<svg" in early.text) == (422, True)
    assert len(set(codes)) == RECOVERY_CODES
    assert again.headers["location"] == "/account/second-factor"
    assert (half.headers["location"], nothing_yet.headers["location"]) == ("/sign-in/code", "/sign-in")
    assert (asked.status_code, blank.status_code, inside.headers["location"]) == (200, 422, "/")
    assert "with password and code" in shown.text


async def test_a_code_that_was_used_opens_nothing(web_node: WebNode) -> None:
    app = web_node.app()
    async with browser(app) as robin, browser(app) as elsewhere, browser(app) as thief:
        await robin.sign_in()
        secret, _ = await set_up(web_node, robin)
        code = code_of(web_node, secret)
        assert (await enter(elsewhere, code)).status_code == 303
        assert (await enter(thief, code)).status_code == 422
        web_node.clock.advance(STEP)
        assert (await enter(thief, code)).status_code == 422


async def test_a_recovery_code_works_once_and_new_ones_replace_the_old(web_node: WebNode) -> None:
    app = web_node.app()
    async with browser(app) as robin, browser(app) as elsewhere:
        await robin.sign_in()
        _, codes = await set_up(web_node, robin)
        assert (await enter(elsewhere, codes[0].upper().replace("-", " "))).status_code == 303
        assert "9 recovery codes are left" in (await elsewhere.see("/account")).text
        await elsewhere.send("/sign-out", {}, page="/account")
        assert (await enter(elsewhere, codes[0])).status_code == 422
        change = "/account/second-factor/change"
        refused = await robin.send(change, {"password": "not hers", "what": "codes"}, page="/account")
        renewed = await robin.send(change, {"password": PASSWORD, "what": "codes"}, page="/account")
        assert (refused.status_code, renewed.text.count("<li><code>")) == (422, RECOVERY_CODES)
        assert (await enter(elsewhere, codes[1])).status_code == 422
        removed = await robin.send(change, {"password": PASSWORD, "what": "remove"}, page="/account")
        off = await robin.send(change, {"password": PASSWORD, "what": "codes"}, page="/account")
        assert removed.headers["location"] == "/account?done=factor-removed"
        assert off.headers["location"] == "/account/second-factor"
        assert (await elsewhere.sign_in()).headers["location"] == "/"


async def test_guessing_codes_with_a_stolen_password_ends_and_keeps_the_owner_in(web_node: WebNode) -> None:
    app = web_node.app()
    async with AsyncExitStack() as open_browsers:
        robin = await open_browsers.enter_async_context(browser(app, place="192.0.2.9"))
        await robin.sign_in()
        secret, codes = await set_up(web_node, robin)
        await robin.send("/sign-out", {}, page="/account")
        for number in range(MOST_CODES // TRIES):
            thief = await open_browsers.enter_async_context(browser(app, place=f"198.51.100.{number}"))
            for _ in range(TRIES):
                answer = (
                    await enter(thief, "000000") if _ == 0 else await thief.send("/sign-in/code", {"code": "0" * 6})
                )
                assert answer.status_code == 422
            assert "Type your password again." in (await thief.send("/sign-in/code", {"code": "000000"})).text
        last = await open_browsers.enter_async_context(browser(app, place="198.51.100.99"))
        assert (await enter(last, code_of(web_node, secret))).status_code == 429

        assert (await enter(robin, code_of(web_node, secret))).status_code == 303
        new = await open_browsers.enter_async_context(browser(app, place="203.0.113.5"))
        assert (await enter(new, codes[0])).status_code == 303
        web_node.clock.advance(WINDOW + STEP)
        assert (await enter(last, code_of(web_node, secret))).status_code == 303


async def test_a_password_waits_five_minutes_for_its_code(web_node: WebNode) -> None:
    app = web_node.app()
    async with browser(app) as robin, browser(app) as elsewhere:
        await robin.sign_in()
        secret, _ = await set_up(web_node, robin)
        await elsewhere.sign_in()
        web_node.clock.advance(HALF_OPEN)
        late = await elsewhere.send("/sign-in/code", {"code": code_of(web_node, secret)})
        after = await elsewhere.see("/sign-in/code")

    assert (late.status_code, "Type your password again." in late.text) == (422, True)
    assert after.headers["location"] == "/sign-in"


async def test_an_administrator_takes_a_lost_second_factor_off(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        await set_up(web_node, robin)
        web_node.services.entrance.reset(OPERATOR, EMAIL)

        assert (await robin.see("/account")).headers["location"] == "/sign-in"
        assert (await robin.sign_in()).headers["location"] == "/"


async def test_who_needs_a_second_factor_gets_no_further_without_one(web_node: WebNode) -> None:
    on, verbs = web_node.services.adapters, web_node.services.entrance
    verbs.recognize = Recognize(on.work, on.reading, on.clock, Demand.EVERYBODY)
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        assert (await robin.see("/")).headers["location"] == "/account/second-factor"
        assert "Set it up to go on." in (await robin.see("/account/second-factor")).text
        await set_up(web_node, robin)

        assert (await robin.see("/")).status_code == 200


async def test_a_password_is_changed_with_the_old_one_and_ends_the_other_sessions(web_node: WebNode) -> None:
    app = web_node.app()
    async with browser(app) as here, browser(app) as there:
        for one in (here, there):
            await one.sign_in()
        tries = [
            {"old": "", "password": NEW, "again": NEW},
            {"old": "not hers", "password": NEW, "again": NEW},
            {"old": PASSWORD, "password": NEW, "again": "another"},
            {"old": PASSWORD, "password": "short", "again": "short"},
        ]
        refused = [await here.send("/account/password", fields) for fields in tries]
        changed = await here.send("/account/password", {"old": PASSWORD, "password": NEW, "again": NEW})

        assert [answer.status_code for answer in refused] == [422] * 4
        assert changed.headers["location"] == "/account?done=password-changed"
        assert [(await one.see("/account")).status_code for one in (here, there)] == [200, 303]
        assert (await there.sign_in(password=NEW)).status_code == 303


async def test_guessing_the_password_of_an_open_page_ends_without_touching_sign_in(web_node: WebNode) -> None:
    app = web_node.app()
    async with browser(app) as thief, browser(app) as robin:
        await thief.sign_in()
        for _ in range(MOST_FROM_ONE_PLACE):
            await thief.send("/account/second-factor", {"password": "guess guess guess"})
        assert "too many attempts" in (await thief.send("/account/second-factor", {"password": PASSWORD})).text

        assert (await robin.sign_in()).status_code == 303
        begun = await robin.send("/account/second-factor", {"password": PASSWORD})
        assert "<svg" in begun.text


async def test_sessions_are_listed_coarsely_and_ended_one_by_one_or_all_others(web_node: WebNode) -> None:
    app = web_node.app()
    other = replace(ROBIN, id=UserId(new_id()), email="other@example.org", role=Role.AUDITOR)
    with web_node.program.work() as work:
        work.users.add(other)
    web_node.services.entrance.set_password(OPERATOR, other.email, PASSWORD)
    async with browser(app) as here, browser(app) as there, browser(app) as third, browser(app) as stranger:
        there.client.headers["User-Agent"] = FIREFOX
        for one in (here, there, third):
            await one.sign_in()
        await stranger.sign_in(other.email)
        listed = await here.see("/account")
        ends = re.findall(r'name="session" value="([0-9a-f]{64})"', listed.text)
        end = "/account/sessions/end"
        assert (listed.text.count("this browser"), len(ends)) == (1, 2)
        assert "Firefox on Linux" in listed.text
        assert "begins with 192.0." in listed.text
        assert "192.0.2.7" not in listed.text
        assert (await stranger.send(end, {"session": ends[0]}, page="/account")).headers["location"] == "/account"
        assert [(await one.see("/account")).status_code for one in (there, third)] == [200, 200]

        for session in ends[:1]:
            assert "session-ended" in (await here.send(end, {"session": session}, page="/account")).headers["location"]
        assert sorted([(await one.see("/account")).status_code for one in (there, third)]) == [200, 303]
        await here.send("/account/sessions/end-others", {}, page="/account")
        assert [(await one.see("/account")).status_code for one in (here, there, third)] == [200, 303, 303]


async def test_an_auditor_reads_what_left_and_no_person(web_node: WebNode) -> None:
    with web_node.program.work() as work:
        work.users.replace(replace(work.users.get(ROBIN.id), role=Role.AUDITOR))
    async with browser(web_node.app()) as auditor:
        await auditor.sign_in()
        first = await auditor.see("/")
        account = await auditor.see("/account")
        refused = [(await auditor.see(path)).status_code for path in ("/people", "/mentorships", "/matching")]

        assert first.headers["location"] == "/privacy"
        assert (await auditor.see("/privacy")).status_code == 200
    assert "reads what left the program" in account.text
    assert refused == [403] * 3


async def test_nothing_is_kept_that_says_which_browser_it_was(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        robin.client.headers["User-Agent"] = FIREFOX
        await robin.sign_in()
    with web_node.program.work() as work:
        row = work.connection.execute(SIGNIN.sessions.select()).one()

    assert (row.browser, row.system, row.network, row.way) == ("firefox", "linux", "192.0", "password")
    assert "Mozilla" not in str(row)
