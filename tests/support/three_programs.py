"""Three programs, their exchange and its steward, as real processes on loopback; nobody has joined anybody yet.

What coordinators do from here on is up to the browsers of a test.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from node.demo.letterbox import LetterBox
from node.demo.processes import Answer, Command, Servers, free_port
from tests.support.pseudo import write_catalogues
from tests.support.served import PASSWORD
from tests.support.served_exchange import is_up
from tests.support.waiting import wait_until

_NAMES = {"Medicine Hat": "Medicine Hat Mentors", "Edmonton": "ERIEC", "Calgary": "CRIEC"}
_PATIENCE = "60"
_ROUND = "1"
"""Seconds between two rounds of a program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """One program whose web app is up; `hosted` says that its participants have pages and its letters leave by SMTP."""

    name: str
    community: str
    url: str
    hosted: bool
    command: Command

    @property
    def email(self) -> str:
        """With what its coordinator signs in."""
        return f"coordinator@{self.community.lower().replace(' ', '-')}.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Federation:
    """Everybody; stewards type, coordinators click."""

    steward: Command
    programs: dict[str, Running]
    letters: LetterBox
    _joins: dict[str, str] = field(default_factory=dict)

    def invite(self, program: Running) -> str:
        """A steward's code for a program."""
        invited = self.steward.run("join-code", "--program", program.name)
        self._joins[program.name] = invited.text("join")
        return invited.text("code")

    def admit(self, words: dict[str, str]) -> None:
        """The steward heard six words of each program over the phone, and signs a roster that names them all."""
        for name, heard in words.items():
            line = ("propose", "admit", self._joins[name], "--mentees", "40", "--words", heard, "--wait", _PATIENCE)
            proposal = self.steward.run(*line).text("file")
            self.steward.run("sign", proposal, "--yes")
            self.steward.run("publish", proposal)

    def letters_to(self, email: str) -> list[EmailMessage]:
        """What the mail server took for an address, oldest first."""
        found = [message_from_bytes(raw, policy=policy.default) for raw in self.letters.letters()]
        return [letter for letter in found if email in str(letter["to"])]


@contextmanager
def three_programs(folder: Path) -> Iterator[Federation]:
    """Medicine Hat in an office, Edmonton and Calgary hosted; everything ends with the block."""
    servers, smtp = Servers(), free_port()
    letters = LetterBox(folder / "letters", smtp)
    letters.open()
    steward = Command("mentorweave-fed", folder / "stewards")
    try:
        with ThreadPoolExecutor(4) as beside:
            exchange = beside.submit(_found, folder, servers, steward)
            write_catalogues(folder / "languages")
            found = list(beside.map(lambda community: _begin(folder, servers, community, smtp), _NAMES))
            exchange.result()
        programs = {one.community: one for one in found}
        for one in found:
            _wait_for(one.url)
        yield Federation(steward=steward, programs=programs, letters=letters)
    finally:
        servers.stop()
        letters.close()


def _found(folder: Path, servers: Servers, steward: Command) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    exchange = Command("mentorweave-fed", folder / "exchange")
    exchange.run("init", "exchange", "--public-url", url)
    founding: Answer = steward.run(
        *("init", "--exchange", str(exchange.folder / "exchange.json"), "--name", "Steward of the tests"),
        *("--unattended", "--board-interval", "5"),
    )
    servers.add(exchange.start("serve", "--port", str(port), log=folder / "exchange.log"))
    _wait_for(url)
    steward.run("publish", founding.text("file"))


def _wait_for(url: str) -> None:
    """Four programs that start at once on a busy machine take their time."""
    wait_until(lambda: is_up(url), within=120, what=f"an answer of {url}", every=0.2)


def _begin(folder: Path, servers: Servers, community: str, smtp: int) -> Running:
    port, hosted = free_port(), community != "Medicine Hat"
    url = f"http://127.0.0.1:{port}"
    place = folder / community.replace(" ", "-").lower()
    environment = {
        "MENTORWEAVE_KEYS_DIR": str(folder / "keys" / place.name),
        "MENTORWEAVE_PORT": str(port),
        "MENTORWEAVE_SYNC_SECONDS": _ROUND,
        **({"MENTORWEAVE_PUBLIC_URL": url} if hosted else {}),
    }
    command = Command("mentorweave", place, environment)
    made = Running(name=_NAMES[community], community=community, url=url, hosted=hosted, command=command)
    mail = ("--smtp-host", "127.0.0.1", "--smtp-port", str(smtp), "--no-smtp-starttls") if hosted else ()
    command.run(
        *("init", "--name", made.name, "--region", "Alberta", "--community", community, "--unattended", *mail),
        *("--operator", f"Robin of {community}", "--operator-email", made.email),
        *("--mail-sender", f"letters@{place.name}.example"),
    )
    secret = folder / "keys" / f"{place.name}.password"
    secret.write_text(f"{PASSWORD}\n", "utf-8")
    command.run("users", "password", made.email, "--password-file", str(secret))
    (place / "languages").symlink_to(folder / "languages")
    servers.add(command.start("serve", log=folder / f"{place.name}.log"))
    return made
