"""What leaves the building: a page written from the message schemas, so that it cannot drift from what is sent.

Every schema is a document a program sends, a part of one, or not a program's to send; every field has its sentence.
A schema or a field without one stops `make docs` and the test of the pages.
"""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import files, read

PAGE = Path("docs/privacy/leaves-the-building.md")
_SCHEMAS = "docs/protocol/schemas"
_SENTENCES = Path("tests/architecture/leaving.tsv")

DOCUMENTS = {
    "A question to one other program": (
        "The program that is asked, and nobody else. Only after the mentee agreed to be asked for outside.",
        ("request-open", "language-level", "board-claim", "request-question", "request-answer"),
    ),
    "An offer to one other program": (
        "The program that asked, and nobody else. Only after the mentor agreed in principle, or for good.",
        ("request-offer", "capability", "offer-accept", "offer-confirm"),
    ),
    "An introduction": (
        "The one other program, for the one other person. Only after both said yes to exactly this.",
        ("intro-reveal",),
    ),
    "How it goes": ("The one other program of the pair.", ("status-update", "match-close")),
    "A withdrawal, an erasure, a refusal": (
        "The one other program that learned something. It has no content: it says only that it is so.",
        ("tombstone",),
    ),
    "The summary": ("Every member program, signed.", ("summary", "cells", "bracket", "listing")),
    "An anonymous request, and an offer to one": (
        (
            "Requests: every member program, without who asks. Offers: whoever posted the request. The stewards' relay "
            "knows that a program posted, the board what was posted; one steward who runs both could join the two."
        ),
        ("need-card", "need-upload", "closing", "offer-claims", "attestation"),
    ),
    "What the exchange sees of each letter": (
        "The exchange, and whoever runs it. The letter is locked for its receiver, in one of four sizes.",
        ("envelope-header", "receipt"),
    ),
    "What every message carries, and what repairs a conversation": (
        "The one other program of the conversation.",
        ("message-claims", "thread-resync", "thread-resynced"),
    ),
    "A note to itself": (
        "Nobody but the program: in its own mailbox at the exchange, locked for itself, once a day and of one size.",
        ("erasure-note",),
    ),
    "About the program itself": ("The exchange and every member program.", ("join-request", "key-statement")),
}
NOT_OURS = frozenset(
    {"batch", "board-keys", "bonuses", "cleared", "join-challenge", "join-code", "join-refusal", "member", "members"}
    | {"policy", "protocol-range", "quotas", "suspension", "suspensions", "message", "jwk", "join-answer"}
    | {"seen", "seen-peer", "statement-ref"}
)
"""Written by stewards and the board, or made of numbers and keys only."""


class UnexplainedError(Exception):
    """A schema, or a field of one, that no sentence explains."""


def page() -> str:
    """The page. Raises: UnexplainedError."""
    known = {name for _, names in DOCUMENTS.values() for name in names} | NOT_OURS
    unknown = {path.stem for path in files(".json", under=_SCHEMAS)} - known
    if unknown:
        raise UnexplainedError(sorted(unknown))
    return "<!-- Written by `make docs` from the message schemas. -->\n\n" + "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# What leaves the building, and to whom\n"
    yield "Every field of every document a program sends. There is no field for a note, a birth date, a town or any"
    yield "other free text about a person; names and ways to reach somebody travel in one document only."
    sentences = _sentences()
    for heading, (whom, names) in DOCUMENTS.items():
        yield f"\n## {heading}\n\n{whom}\n\n| document | field | what it says |\n| --- | --- | --- |"
        for name in names:
            fields = sorted(json.loads(read(Path(_SCHEMAS) / f"{name}.json")).get("properties", {}))
            for field in fields:
                yield f"| `{name}` | `{field}` | {_sentence(sentences, name, field)} |"
            if not fields:
                yield f"| `{name}` | | Nothing but that it is so. |"


def _sentences() -> dict[tuple[str, str], str]:
    rows = csv.reader(read(_SENTENCES).splitlines()[1:], "excel-tab")
    return {(schema, field): sentence for schema, field, sentence in rows}


def _sentence(sentences: dict[tuple[str, str], str], schema: str, field: str) -> str:
    found = sentences.get((schema, field)) or sentences.get(("*", field))
    if found is None:
        raise UnexplainedError(schema, field)
    return found
