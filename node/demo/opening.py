"""The first act: stewards found the federation; three programs import their people, join, and publish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from node.demo.stage import PATIENCE

if TYPE_CHECKING:
    from concurrent.futures import Future

    from node.demo.processes import Answer
    from node.demo.stage import Program, Stage


def found(stage: Stage) -> None:
    """An exchange, one steward, and the roster's first version."""
    stage.letters.open()
    stage.write_sheets()
    stage.exchange.run("init", "exchange", "--public-url", stage.exchange_url)
    card = str(stage.exchange.folder / "exchange.json")
    founding = stage.steward.run(
        *("init", "--exchange", card, "--name", "Demo steward", "--unattended"),
        *("--board-interval", "5"),
    )
    log = stage.folder / "exchange.log"
    stage.servers.add(stage.exchange.start("serve", "--port", str(stage.exchange_port), log=log))
    stage.servers.wait_until_ready(f"{stage.exchange_url}/readyz")
    stage.steward.run("publish", founding.text("file"))


def set_up(stage: Stage, program: Program) -> None:
    """A program's folder, its keys and its communities."""
    place = program.place
    communities = [word for community in place.communities for word in ("--community", community)]
    program.command.run(
        *("init", "--name", place.name, "--region", place.region, "--operator", f"Coordinator of {place.name}"),
        *communities,
        *("--operator-email", f"coordinator@{place.slug}.example", "--mail-sender", f"letters@{place.slug}.example"),
        *("--smtp-host", "127.0.0.1", "--smtp-port", str(stage.smtp_port), "--no-smtp-starttls"),
        "--unattended",
    )


def bring_in(stage: Stage, program: Program) -> None:
    """A program's people, from the two spreadsheets a coordinator typed."""
    place, command = program.place, program.command
    for kind in ("mentors", "mentees"):
        command.run("people", "import", str(stage.sheet(place, kind)), "--kind", kind)
    people = command.run("people", "list").items()
    program.people.update({person.text("email"): person.text("id") for person in people})


VOUCHED = "40"
"""Mentees for whom the stewards vouch in each program."""


@dataclass(frozen=True, slots=True)
class _Asking:
    """A program that used its join code and read its six words over the phone."""

    program: Program
    join: str
    words: str
    opening: Future[None]


def admit(stage: Stage) -> list[Future[None]]:
    """A join code for each, six words over the phone, and a signed roster that names them.

    Every program opens as soon as it is admitted, while the stewards see to the next.
    """
    codes = [stage.steward.run("join-code", "--program", program.place.name) for program in stage.programs]
    asking = stage.beside_each(lambda pair: _ask(stage, *pair), list(zip(stage.programs, codes, strict=True)))
    for asked in asking:
        line = ("propose", "admit", asked.join, "--mentees", VOUCHED, "--words", asked.words, "--wait", str(PATIENCE))
        proposal = stage.steward.run(*line)
        stage.steward.run("sign", proposal.text("file"), "--yes")
        stage.steward.run("publish", proposal.text("file"))
    return [asked.opening for asked in asking]


def _ask(stage: Stage, program: Program, invited: Answer) -> _Asking:
    line = ("join", invited.text("code"), "--size", program.place.size)
    words = " ".join(word.text() for word in program.command.run(*line).items("words"))
    opening = stage.beside(lambda: _open(stage, program, program.command.run(*line, "--wait", str(PATIENCE))))
    return _Asking(program, invited.text("join"), words, opening)


def _open(stage: Stage, program: Program, joined: Answer) -> None:
    """A program's web app and its rounds, as a process that stays."""
    joined.expect("admitted", "state")
    program.node = joined.text("node")
    stage.servers.add(program.command.start("serve", log=program.command.folder / "serve.log"))
    stage.servers.wait_until_ready(f"{program.url}/readyz")


def publish(stage: Stage) -> None:
    """What every program offers, for all members to read."""
    stage.everywhere(lambda program: program.command.run("summary", "agree"))
    stage.everywhere(lambda program: program.command.run("summary", "publish"))
    stage.everywhere(lambda program: program.command.run("sync"))
