"""The root of every refusal of this language: a peer, or its bytes, broke a rule.

Each subclass stands beside the concept it protects and carries the wire code of its RFC 9457 problem. Parameters are
ids, names of fields and numbers, never a value a person typed. Wording for people is left to the programs.
"""

from __future__ import annotations

from typing import ClassVar

PROBLEM_BASE = "https://mentorweave.example/problems/"


def type_uri(code: str) -> str:
    """The `type` of the RFC 9457 problem that carries `code`."""
    return PROBLEM_BASE + code


class ProtocolError(Exception):
    """A rule of the protocol was broken; `code` names the rule, `remedy` says what a person should do next."""

    code: ClassVar[str] = "protocol"
    status: ClassVar[int] = 400
    title: ClassVar[str] = "The other side broke a rule of the federation's language."
    remedy: ClassVar[str] = "Report the code to the federation's stewards."

    def __init__(self, **params: str | int) -> None:
        """Keep `params` (ids, field names, numbers) for the problem document."""
        self.params = params
        facts = ", ".join(f"{name}={value}" for name, value in sorted(params.items()))
        super().__init__(f"{self.code} ({facts})" if facts else self.code)


def every_error() -> tuple[type[ProtocolError], ...]:
    """All error classes that are loaded, by code."""
    found: dict[str, type[ProtocolError]] = {}
    waiting: list[type[ProtocolError]] = [ProtocolError]
    while waiting:
        error = waiting.pop()
        found[error.code] = error
        waiting.extend(error.__subclasses__())
    return tuple(found[code] for code in sorted(found))
