"""docs/howto/deploy.md typed literally at a real engine: a federation of containers, a summary and a letter."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from node.demo.processes import Answer
from tests.smoke.containers import DOMAIN, Compose, composed, typed
from tests.support.waiting import wait_until

PROGRAMS = ("medicine-hat", "calgary", "lethbridge")
AROUND = ("database", "exchange-1", "exchange-2", "proxy", "mail")
OCCUPATION = "21331"
_HEALTH_SECONDS, _TRAVEL_SECONDS = 180.0, 300.0
pytestmark = pytest.mark.timeout(1_500)


def healthy(compose: Compose, *services: str) -> None:
    wait_until(lambda: compose.is_healthy(*services), within=_HEALTH_SECONDS, what=f"health of {services}")


def set_up_exchange(compose: Compose) -> None:
    compose.do("up", "-d", "database")
    healthy(compose, "database")
    public = ("--public-url", f"https://exchange.{DOMAIN}:8443", "--passphrase-file", "/run/secrets/passphrase")
    compose.run("exchange-1", "mentorweave-fed", "init", "exchange", *public)
    compose.run("exchange-1", "mentorweave-fed", "db", "upgrade")
    compose.do("up", "-d", "exchange-1", "exchange-2", "proxy", "mail")
    healthy(compose, *AROUND)


def found_federation(compose: Compose) -> None:
    """The steward's part of found-a-federation.md, at a table beside the containers."""
    card = compose.do("run", "--rm", "--no-deps", "-T", "exchange-1", "cat", "/data/exchange.json")
    compose.do("up", "-d", "steward")
    compose.do("exec", "-T", "steward", "sh", "-c", f"cat > /data/exchange.json <<'END'\n{card}\nEND\n")
    steward(compose, "init", "--exchange", "/data/exchange.json", "--name", "Alex")
    steward(compose, "publish", "/data/proposals/found.json")


def steward(compose: Compose, *words: str) -> Answer:
    return compose.ask("steward", "mentorweave-fed", *words)


def join(compose: Compose, program: str) -> None:
    """Section 3 of the how-to, and the steward at the other end of the phone."""
    compose.init(
        *(program, "mentorweave", "init", "--name", program, "--region", "Alberta", "--community", "Medicine Hat"),
        *("--operator", "Pat Doe", "--operator-email", "pat@example.org", "--mail-sender", "mentors@example.org"),
        *("--smtp-host", "mail", "--smtp-port", "2525", "--no-smtp-starttls"),
    )
    invited = steward(compose, "join-code", "--program", program)
    asking = compose.once(program, "mentorweave", "join", invited.text("code"))
    words = " ".join(word.text() for word in asking.items("words"))
    compose.do("up", "-d", program)
    proposal = steward(compose, "propose", "admit", invited.text("join"), "--words", words, "--wait", "120")
    steward(compose, "sign", proposal.text("file"), "--yes")
    steward(compose, "publish", proposal.text("file"))


@pytest.fixture(scope="module")
def federation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compose]:
    with composed(tmp_path_factory.mktemp("secrets")) as compose:
        set_up_exchange(compose)
        found_federation(compose)
        for program in PROGRAMS:
            join(compose, program)
        healthy(compose, *AROUND, *PROGRAMS)
        yield compose


def test_the_outside_reaches_the_exchange_and_the_programs_through_the_proxy_alone(federation: Compose) -> None:
    for name in ("exchange", *PROGRAMS):
        host = f"{name}.{DOMAIN}:8443"
        trusted = ("--cacert", str(federation.secrets / "authority.pem"), "--resolve", f"{host}:127.0.0.1")
        typed("curl", "--fail", "--silent", "--show-error", *trusted, f"https://{host}/readyz")


def test_what_one_offers_is_read_by_another_whose_letter_is_delivered(federation: Compose) -> None:
    def node(program: str, *words: str) -> Answer:
        return federation.ask(program, "mentorweave", *words)

    home, host = PROGRAMS[:2]
    today = datetime.now(UTC).date().isoformat()  # noqa: TID251 - what a coordinator would write
    about = (f"occupation={OCCUPATION}", "languages=en:7", "community=Medicine Hat")
    node(host, "people", "add", "mentor", "name=Mary Mentor", "email=mary@example.org", *about, "seats=2",
         "visibility=3", f"consent_listing={today} phone")  # fmt: skip
    node(host, "summary", "agree")
    node(host, "summary", "publish")
    mentee = node(home, "people", "add", "mentee", "name=Nadia Newcomer", "email=nadia@example.org", *about,
                  f"consent_outside={today} phone").text("person")  # fmt: skip

    wait_until(lambda: bool(node(home, "request", "search", mentee).items("leads")), within=_TRAVEL_SECONDS)
    lead = node(home, "request", "search", mentee).items("leads")[0]
    request = node(home, "request", "open", mentee, "--to", lead.text("program")).text("id")

    wait_until(lambda: bool(node(host, "request", "list", "--open").items()), within=_TRAVEL_SECONDS)
    assert [view.text("id") for view in node(host, "request", "list", "--open").items()] == [request]
    wait_until(lambda: not node(home, "outbox", "list").items(), within=_TRAVEL_SECONDS)
