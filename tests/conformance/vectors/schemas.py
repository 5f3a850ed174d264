"""Writes docs/protocol/schemas: a JSON Schema for every document of the language.

    .venv/bin/python -m tests.conformance.vectors.schemas

A schema says what a document looks like on its own; what the documents mean together is said by the specification.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import protocol
from protocol.bodies import BODIES
from protocol.documents import Document
from protocol.messages import MessageClaims

if TYPE_CHECKING:
    from protocol.parsing import Json
    from tests.conformance.vectors.case import Fields

TARGET = Path(__file__).parents[3] / "docs" / "protocol" / "schemas"
BASE = "https://mentorweave.example/schemas/"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def documents() -> dict[str, type[Document]]:
    """Every public document under the name of its schema."""
    for module in pkgutil.walk_packages(protocol.__path__, "protocol."):
        importlib.import_module(module.name)
    found: dict[str, type[Document]] = {}
    waiting: list[type[Document]] = [Document]
    while waiting:
        kind = waiting.pop()
        waiting.extend(kind.__subclasses__())
        if kind.__module__.startswith("protocol.") and kind is not Document and not kind.__name__.startswith("_"):
            found[re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind.__name__).lower()] = kind
    return dict(sorted(found.items()))


def _with_constants(schema: Json) -> Json:
    """The same schema, in which a field of one possible value is required (01-basics 1.4.3)."""
    if isinstance(schema, list):
        return [_with_constants(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _with_constants(value) for key, value in schema.items()}
    fields = schema.get("properties")
    if isinstance(fields, dict):
        constants = [name for name, field in fields.items() if isinstance(field, dict) and "const" in field]
        required = schema.get("required")
        known = [name for name in required if isinstance(name, str)] if isinstance(required, list) else []
        if constants or known:
            names: list[Json] = [*sorted({*known, *constants})]
            found["required"] = names
    return found


def schema_of(name: str, kind: type[Document]) -> Fields:
    """The schema of one document."""
    made = _with_constants(json.loads(json.dumps(kind.model_json_schema(by_alias=True))))
    assert isinstance(made, dict)
    return {"$schema": DIALECT, "$id": f"{BASE}{name}.json", **made}


def message() -> Fields:
    """Claims and body of a message: the body follows from the type."""
    names = {kind: name for name, kind in documents().items()}
    choices: list[Json] = [
        {"properties": {"type": {"const": kind.value}, "body": {"$ref": f"{names[body]}.json"}}}
        for kind, body in BODIES.items()
    ]
    return {
        "$schema": DIALECT,
        "$id": f"{BASE}message.json",
        "title": "Message",
        "description": "`mentorweave-message+jwt`, with the body that its `type` names.",
        "type": "object",
        "allOf": [{"$ref": f"{names[MessageClaims]}.json"}],
        "required": ["body"],
        "oneOf": choices,
    }


def schemas() -> dict[str, Fields]:
    """Every schema by the name of its file."""
    return {name: schema_of(name, kind) for name, kind in documents().items()} | {"message": message()}


def render(schema: Fields) -> str:
    """A schema as its file holds it."""
    return json.dumps(schema, indent=2, ensure_ascii=True, sort_keys=True) + "\n"


def main() -> None:
    """Write every schema anew."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas().items():
        (TARGET / f"{name}.json").write_text(render(schema), "utf-8")
        sys.stdout.write(f"{name}.json\n")


if __name__ == "__main__":
    main()
