"""Signing in through an account elsewhere, against a real provider on this machine: honest, Microsoft-like, hostile."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path

import httpx
import pytest

from node.adapters.oidc import OpenIdProvider
from node.domain.actor import UserId
from node.domain.provider import AWAY, WAITS, Account, AccountUnknownError, Link
from node.domain.signin import UnknownUserError
from node.services.linking import ShowLinked
from node.services.provider import ComeBackFromProvider, GoToProvider
from node.services.sessions import BeginSession
from tests.support.clock import NOON, FakeClock
from tests.support.node import new_id
from tests.support.provider import CLIENT, SECRET, FakeProvider, provider
from tests.support.web import EMAIL, OPERATOR, PASSWORD, ROBIN, Browser, WebNode, browser

pytestmark = [pytest.mark.anyio, pytest.mark.enable_socket]
BACK = "/sign-in/provider/back"
TENANT = "11111111-2222-3333-4444-555555555555"
KNOWN = {"email": EMAIL, "email_verified": True}


@dataclass(frozen=True, slots=True)
class Trip:
    """One browser, and the provider it goes to."""

    visitor: Browser
    fake: FakeProvider

    async def go(self) -> str:
        """Out, and consent there; the address to come back to."""
        answer = await self.visitor.see("/sign-in/provider")
        return f"{BACK}?{self.fake.consent(answer.headers['location'])}"

    async def enter(self) -> httpx.Response:
        return await self.visitor.see(await self.go())


@pytest.fixture
def fake(web_node: WebNode) -> Iterator[FakeProvider]:
    with provider(web_node.clock) as running:
        yield running


def configure(web_node: WebNode, issuer: str, folder: Path) -> None:
    """What the settings would say."""
    secret = folder / "oidc-secret"
    secret.write_text(f"{SECRET}\n", "utf-8")
    on, verbs = web_node.services.adapters, web_node.services.entrance
    configured = OpenIdProvider(issuer=issuer, client_id=CLIENT, secret_file=secret, clock=web_node.clock)
    verbs.go_to_provider = GoToProvider(on.work, on.clock, on.secrets, configured)
    verbs.come_back = ComeBackFromProvider(on.work, on.clock, configured, BeginSession(on.secrets))
    own = web_node.services.account
    own.linked = ShowLinked(on.reading, configured)
    own.begin_link = replace(own.begin_link, provider=configured)
    own.link = replace(own.link, provider=configured)


@pytest.fixture
async def trip(web_node: WebNode, fake: FakeProvider, tmp_path: Path) -> AsyncIterator[Trip]:
    configure(web_node, fake.issuer, tmp_path)
    async with browser(web_node.app()) as visitor:
        yield Trip(visitor, fake)


async def test_a_verified_address_opens_once_and_then_the_account_counts_not_the_address(
    web_node: WebNode, trip: Trip
) -> None:
    trip.fake.claims = KNOWN
    page = await trip.visitor.see("/sign-in")
    back = await trip.go()
    inside = await trip.visitor.see(back)
    today = await trip.visitor.see("/account")
    await trip.visitor.send("/sign-out", {}, page="/account")
    replayed = await trip.visitor.see(back)
    trip.fake.claims = {"email": "somebody.else@example.org"}
    again = await trip.enter()

    assert "Sign in with 127.0.0.1" in page.text
    assert (inside.status_code, inside.headers["location"], again.status_code) == (303, "/", 303)
    assert "through another account" in today.text
    assert replayed.status_code == 422
    assert trip.fake.asked["code_challenge_method"] == "S256"


HOSTILE: dict[str, tuple[dict[str, object], str]] = {
    "nonce": ({"nonce": "another"}, ""),
    "audience": ({"aud": "another program"}, ""),
    "audiences": ({"aud": [CLIENT, "another program"]}, ""),
    "presenter": ({"azp": "another program"}, ""),
    "issuer": ({"iss": "https://accounts.example.org"}, ""),
    "expired": ({"exp": 1}, ""),
    "nameless": ({"sub": None}, ""),
    "unsigned": ({}, "none"),
    "signed with our secret": ({}, "secret"),
    "strange key": ({}, "key"),
}


async def test_a_token_that_does_not_fit_opens_nothing(trip: Trip) -> None:
    for wrong, (claims, cheat) in HOSTILE.items():
        trip.fake.claims, trip.fake.cheat = {**KNOWN, **claims}, cheat
        answer = await trip.enter()
        assert (wrong, answer.status_code, "did not work" in answer.text) == (wrong, 422, True)
        assert not any(name.startswith("session") for name in answer.cookies)


async def test_nobody_new_gets_in(trip: Trip) -> None:
    for claims in ({"email": "nobody@example.org", "email_verified": True}, {}):
        trip.fake.claims = dict(claims)
        answer = await trip.enter()
        assert (answer.status_code, "Nobody who works here has this account." in answer.text) == (422, True)


async def test_an_answer_belongs_to_one_browser_one_question_and_ten_minutes(web_node: WebNode, trip: Trip) -> None:
    trip.fake.claims = KNOWN
    back = await trip.go()
    async with browser(web_node.app()) as thief:
        await thief.see("/sign-in")
        assert (await thief.see(back)).status_code == 422
        await thief.see("/sign-in/provider")
        assert (await thief.see(back)).status_code == 422  # its state is another question's
    web_node.clock.advance(AWAY)
    assert (await trip.visitor.see(back)).status_code == 422
    assert (await trip.visitor.see(f"{BACK}?error=access_denied")).status_code == 422


async def test_an_account_whose_address_nobody_verified_waits_for_an_administrator(
    web_node: WebNode, trip: Trip
) -> None:
    trip.fake.issuer = f"{trip.fake.url}/{{tenantid}}/v2.0"
    trip.fake.claims = {"email": EMAIL, "tid": TENANT, "iss": trip.fake.issuer.replace("{tenantid}", TENANT)}
    first = await trip.enter()
    mark = first.text.partition("then begin again: ")[2][:10]
    allow = web_node.services.entrance.allow_account
    with pytest.raises(AccountUnknownError):
        allow(OPERATOR, EMAIL, "0" * 10)
    with pytest.raises(UnknownUserError):
        allow(OPERATOR, "nobody@example.org", mark)
    allow(OPERATOR, EMAIL, mark)
    inside = await trip.enter()
    await trip.visitor.send("/sign-out", {}, page="/account")
    other = TENANT.replace("1", "9")
    trip.fake.claims = {**trip.fake.claims, "tid": other, "iss": trip.fake.issuer.replace("{tenantid}", other)}
    stranger = await trip.enter()
    trip.fake.claims = {**trip.fake.claims, "tid": TENANT}
    mixed = await trip.enter()
    web_node.services.entrance.reset(OPERATOR, EMAIL)
    trip.fake.claims = {**trip.fake.claims, "iss": trip.fake.issuer.replace("{tenantid}", TENANT)}

    assert first.status_code == 422
    assert inside.headers["location"] == "/"
    assert "then begin again" in stranger.text
    assert "did not work" in mixed.text
    assert "then begin again" in (await trip.enter()).text


async def test_who_is_signed_in_links_her_own_account_with_her_password_and_unlinks_it(
    web_node: WebNode, trip: Trip
) -> None:
    robin, page = trip.visitor, "/account/provider"

    async def link() -> httpx.Response:
        begun = await robin.send(page, {"password": PASSWORD})
        (address,) = re.findall(r'href="(http://127[^"]+)" rel', begun.text)
        return await robin.see(f"{BACK}?{trip.fake.consent(unescape(address))}")

    async def after(answer: httpx.Response) -> httpx.Response:
        return await robin.see(answer.headers["location"])

    trip.fake.claims = {"email": "robin@private.example.org"}
    outside = await trip.enter()
    await robin.sign_in()
    guessed = await robin.send(page, {"password": "guessed"})
    back = await link()
    linked = await after(await after(back))
    replayed = await after(back)
    account = await robin.see("/account")
    await robin.send("/sign-out", {}, page="/account")
    inside = await trip.enter()
    await robin.send(f"{page}/unlink", {}, page=page)
    other = replace(ROBIN, id=UserId(new_id()), email="kim@example.org")
    with web_node.program.work() as work:
        assert work.links.of(ROBIN.id) == ()
        work.users.add(other)
        theirs = Account(issuer=trip.fake.issuer, subject="robin-1").digest
        work.links.keep(Link(account=theirs, user=other.id, added_at=NOON, allowed_at=NOON))
    taken = await after(await link())

    assert (outside.status_code, "Nobody who works here" in outside.text) == (422, True)
    assert (guessed.status_code, "http://127.0.0.1:" in guessed.text) == (422, False)
    assert "is linked since" in linked.text
    assert (replayed.status_code, "did not work" in replayed.text) == (422, True)
    assert "A 127.0.0.1 account is linked." in account.text
    assert (inside.status_code, inside.headers["location"]) == (303, "/")
    assert (taken.status_code, "signs in somebody else" in taken.text) == (422, True)


async def test_what_was_not_allowed_in_a_week_is_forgotten(web_node: WebNode, trip: Trip) -> None:
    trip.fake.claims = {"email": EMAIL}
    await trip.enter()
    web_node.clock.advance(WAITS)
    await trip.enter()
    with web_node.program.work() as work:
        assert len(work.links.of(ROBIN.id)) == 1


async def test_a_provider_that_cannot_be_believed_or_reached_is_away(
    web_node: WebNode, fake: FakeProvider, tmp_path: Path
) -> None:
    async with browser(web_node.app()) as visitor:
        assert (await visitor.see("/sign-in/provider")).status_code == 404
        assert "Sign in with" not in (await visitor.see("/sign-in")).text
        for issuer in ("http://accounts.example.org", "http://127.0.0.1:9", f"{fake.url}/other"):
            configure(web_node, issuer, tmp_path)
            answer = await visitor.see("/sign-in/provider")
            assert (answer.status_code, "cannot be asked at the moment" in answer.text) == (422, True)


def test_providers_are_called_by_their_names() -> None:
    nameless = OpenIdProvider(issuer="", client_id="", secret_file=None, clock=FakeClock())
    names = {
        "https://accounts.google.com": "Google",
        "https://login.microsoftonline.com/organizations/v2.0": "Microsoft",
        "https://id.example.org": "id.example.org",
        "": "",
    }

    assert {issuer: replace(nameless, issuer=issuer).name for issuer in names} == names
