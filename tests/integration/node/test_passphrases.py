"""Where the passphrase of the key file comes from: a keyring, a person, a file."""

import io
import sys
from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError

from node.adapters.vault.passphrase import from_keyring
from tests.support.commands import INIT, Run


class FakeKeyring(KeyringBackend):
    """A keyring in memory; `locked` makes it refuse."""

    priority = 1
    locked = False

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """What is held."""
        if self.locked:
            raise KeyringError
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Hold it."""
        if self.locked:
            raise KeyringError
        self.held[service, username] = password


class Terminal(io.StringIO):
    """A person at a terminal, who types these lines."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def ring(run: Run) -> Iterator[FakeKeyring]:
    before = keyring.get_keyring()
    fake = FakeKeyring()
    keyring.set_keyring(fake)
    yield fake
    keyring.set_keyring(before)


@pytest.fixture
def nobody_types(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())


@pytest.mark.usefixtures("nobody_types")
def test_a_keyring_holds_a_passphrase_nobody_has_to_remember(run: Run, ring: FakeKeyring) -> None:
    assert run("init", *INIT, "--json").code == 0

    assert len(ring.held) == 1
    assert run("keys", "show", "--json").fields["guard"] == "keyring"


@pytest.mark.usefixtures("nobody_types")
def test_a_locked_keyring_opens_nothing(run: Run, ring: FakeKeyring) -> None:
    run("init", *INIT, "--json")
    ring.locked = True

    assert from_keyring("any") is None
    assert run("keys", "show", "--json").fields["code"] == "passphrase-needed"


def test_a_person_chooses_a_passphrase_and_types_it_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter(["correct horse"] * 3)
    monkeypatch.setattr("typer.prompt", lambda *_texts, **_options: next(typed))
    monkeypatch.setattr(sys, "stdin", Terminal())

    assert run("init", *INIT, "--json").code == 0
    assert run("keys", "show", "--json").fields["guard"] == "passphrase"
