"""One command's access to the node: its services, the operator it acts for, and the words it speaks."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import typer

from federation.ground.cli import Reporter, reporter
from federation.ground.refusal import Explained, Refusal
from node.bootstrap import Services, open_node
from node.domain.actor import Actor
from node.settings import load_settings
from node.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What a command is given."""

    services: Services
    actor: Actor
    say: Words
    reporter: Reporter


@contextmanager
def session() -> Iterator[Session]:
    """Open the node of the data folder as its operator."""
    current = reporter()
    settings = load_settings(current.data_dir)
    services = open_node(settings, ask_passphrase)
    try:
        yield Session(services=services, actor=services.operator(), say=Words(settings.language), reporter=current)
    finally:
        services.close()


def ask_passphrase() -> str | None:
    """The passphrase of the key file, if a person is there to type it."""
    if not sys.stdin.isatty():
        return None
    return str(typer.prompt("Passphrase", hide_input=True, err=True))


def new_passphrase(say: Words) -> str | None:
    """A passphrase for a new key file, typed twice, if a person is there to type it."""
    if not sys.stdin.isatty():
        return None
    return str(typer.prompt(say("init.passphrase"), hide_input=True, confirmation_prompt=True, err=True))


def word_refusal(error: Explained) -> tuple[str, str]:
    """Why and what next, in the language of the program; in English where there is none yet."""
    try:
        language = load_settings(reporter().data_dir).language
    except (Refusal, RuntimeError):
        language = "en"
    return Words(language).refusal(error)
