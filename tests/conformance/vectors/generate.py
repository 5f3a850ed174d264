"""Writes docs/protocol/vectors: test vectors that another implementation can run, made from fixed seeds.

    .venv/bin/python -m tests.conformance.vectors.generate

Every case is run while it is written: an output is what this implementation answers, an error must be the one declared.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from protocol.errors import ProtocolError
from tests.conformance.vectors import federation, hops, language, letters, threads
from tests.conformance.vectors.case import Case, Fields, Given
from tests.conformance.vectors.operations import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocol.parsing import Json

TARGET = Path(__file__).parents[3] / "docs" / "protocol" / "vectors"

FILES: dict[str, tuple[str, Callable[[], list[Case]]]] = {
    "parsing": ("01-basics.md", language.parsing),
    "keys": ("02-keys.md", language.keys),
    "statements": ("02-keys.md", letters.statements),
    "signatures": ("03-signatures.md", language.signatures),
    "envelopes": ("04-envelopes.md", letters.envelopes),
    "messages": ("05-messages.md", letters.messages),
    "receipts": ("05-messages.md", letters.receipts),
    "notes": ("05-messages.md", letters.notes),
    "threads": ("05-messages.md", threads.cases),
    "roster": ("06-roster.md", federation.roster),
    "joining": ("06-roster.md", federation.joining),
    "summaries": ("07-summaries.md", federation.summaries),
    "hops": ("08-exchange.md", hops.cases),
    "board": ("09-board.md", federation.needs),
}


def answer(operation: str, given: Fields) -> Fields:
    """What this implementation says: an output, or the code of its refusal."""
    try:
        output: Json = OPERATIONS[operation](Given(given))
    except ProtocolError as error:
        return {"error": error.code}
    return {"output": output}


def _written(case: Case) -> Fields:
    found = answer(case.operation, case.given)
    expected = case.error
    if found.get("error") != expected:
        raise AssertionError(f"{case.name}: {found} instead of {expected}")
    return {"name": case.name, "operation": case.operation, "input": case.given, **found}


def render(name: str) -> str:
    """One file of vectors, a case on each line."""
    page, cases = FILES[name]
    lines = ",\n".join(json.dumps(_written(case), ensure_ascii=True) for case in cases())
    return f'{{"specification": "docs/protocol/{page}", "cases": [\n{lines}\n]}}\n'


def main() -> None:
    """Write every file anew."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        (TARGET / f"{name}.json").write_text(render(name), "utf-8")
        sys.stdout.write(f"{name}.json\n")


if __name__ == "__main__":
    main()
