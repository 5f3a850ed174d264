"""The base of every refusal a program expects: a rule said no, and a person can act on it.

Wording in other languages belongs to the program's catalogue; a protocol error carries the same
attributes without deriving from here, because `protocol` stands below this floor.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Protocol

from protocol.errors import ProtocolError


class Explained(Protocol):
    """What an error must carry to be shown to a person: code, parameters, why, and what next."""

    @property
    def code(self) -> str:
        """The stable name of the rule, in kebab-case."""
        ...

    @property
    def params(self) -> Mapping[str, str | int]:
        """Identifiers and numbers only, never what a person wrote."""
        ...

    @property
    def title(self) -> str:
        """One line that says why."""
        ...

    @property
    def remedy(self) -> str:
        """One line that says what to do next."""
        ...


class Refusal(Exception):  # noqa: N818 - a rule that says no is no malfunction; its subclasses end in Error
    """A rule said no. Subclasses set `code`, `title` and `remedy`; parameters are ids and numbers only."""

    code: ClassVar[str] = "refused"
    title: ClassVar[str] = "A rule refuses this."
    remedy: ClassVar[str] = "Read the documentation of this command."

    def __init__(self, **params: str | int) -> None:
        super().__init__(self.code)
        self.params: Mapping[str, str | int] = MappingProxyType(dict(params))

    def __str__(self) -> str:
        named = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code} ({named})" if named else self.code


def explained(error: BaseException) -> Explained | None:
    """Return the error as something to show a person, or None where it explains nothing."""
    return error if isinstance(error, Refusal | ProtocolError) else None
