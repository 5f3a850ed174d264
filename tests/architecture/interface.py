"""The pages about the JSON API, written from its routes: the OpenAPI document, and a table of every call."""

import json
from collections.abc import Iterator
from pathlib import Path

from node.api.v1 import PREFIX, interface

FOLDER = Path("docs/reference/api")


def pages(made: str) -> dict[Path, str]:
    """Each page by its path from the top of the house; `made` says on it where it comes from."""
    document = interface().openapi()
    return {
        FOLDER / "openapi.json": json.dumps(document, indent=1, ensure_ascii=False) + "\n",
        FOLDER / "index.md": made + "\n".join(_calls(document["paths"])) + "\n",
    }


def _calls(paths: dict[str, dict[str, dict[str, object]]]) -> Iterator[str]:
    yield "# Calls of the JSON API\n"
    yield f"Every call is made under `{PREFIX}`, with a token: [how to use it](../../howto/api.md). What a call holds,"
    yield "and how it is answered, says the [OpenAPI document](openapi.json)."
    yield ""
    yield "| call | what it does | scope |"
    yield "| --- | --- | --- |"
    for path, methods in paths.items():
        for method, operation in methods.items():
            yield f"| `{method.upper()} {path}` | {operation['description']} | {_scope(operation['security'])} |"


def _scope(security: object) -> str:
    assert isinstance(security, list)
    return ", ".join(f"`{scope}`" for scope in security[0]["token"]) or "any token"
