"""The JSON Schemas in docs/protocol/schemas are those of the code, and agree with it about the vectors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from protocol.bodies import BODIES, Kind
from protocol.jws import Typ, claimed_payload
from tests.conformance.vectors.generate import TARGET as VECTORS
from tests.conformance.vectors.schemas import BASE, TARGET, documents, render, schemas
from tests.unit.protocol.builders import header, statement
from tests.unit.protocol.test_bodies import EXAMPLES
from tests.unit.protocol.test_joining import code, request
from tests.unit.protocol.test_needs import attestation, batch, card, offer
from tests.unit.protocol.test_receipts import receipt
from tests.unit.protocol.test_roster import POLICY, members, suspension, suspensions
from tests.unit.protocol.test_summaries import summary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protocol.documents import Document
    from protocol.parsing import Json

COMMAND = "run .venv/bin/python -m tests.conformance.vectors.schemas"
SCHEMAS = schemas()
REGISTRY: Registry[bool | Mapping[str, Json]] = Registry().with_resources(
    (f"{BASE}{name}.json", Resource.from_contents(schema)) for name, schema in SCHEMAS.items()
)
SAMPLES: list[Document] = [
    *EXAMPLES.values(),
    attestation(),
    batch(),
    card(),
    code(),
    header(),
    members(),
    offer(),
    POLICY,
    receipt(),
    request(),
    statement(),
    summary(),
    suspensions(suspension()),
]


def accepts(name: str, value: Json) -> bool:
    schema = SCHEMAS[name]
    return Draft202012Validator(schema, registry=REGISTRY).is_valid(value)


@pytest.mark.parametrize("name", list(SCHEMAS))
def test_the_schema_is_the_one_of_the_code(name: str) -> None:
    assert (TARGET / f"{name}.json").read_text("utf-8") == render(SCHEMAS[name]), COMMAND
    Draft202012Validator.check_schema(SCHEMAS[name])


def test_no_schema_is_left_over() -> None:
    assert {path.stem for path in TARGET.glob("*.json")} == set(SCHEMAS)


@pytest.mark.parametrize("document", SAMPLES, ids=lambda document: type(document).__name__)
def test_a_document_fits_its_schema_and_not_without_a_required_field(document: Document) -> None:
    name = next(name for name, kind in documents().items() if kind is type(document))
    whole = json.loads(document.encode())
    assert accepts(name, whole)
    required = SCHEMAS[name].get("required", [])
    assert isinstance(required, list)
    for field in required:
        assert not accepts(name, {key: value for key, value in whole.items() if key != field})


def test_every_message_of_the_vectors_fits_the_schema_of_messages() -> None:
    cases = json.loads((VECTORS / "messages.json").read_text("utf-8"))["cases"]
    good = [case for case in cases if "output" in case]
    assert {case["output"]["type"] for case in good} == {kind.value for kind in Kind}
    for case in good:
        assert accepts("message", json.loads(claimed_payload(case["input"]["token"].encode(), typ=Typ.MESSAGE)))


def test_a_message_with_the_body_of_another_kind_does_not_fit() -> None:
    cases = json.loads((VECTORS / "messages.json").read_text("utf-8"))["cases"]
    token = next(case["input"]["token"] for case in cases if case["name"] == Kind.REQUEST_OFFER.value)
    whole = json.loads(claimed_payload(token.encode(), typ=Typ.MESSAGE))
    assert not accepts("message", whole | {"type": Kind.MATCH_CLOSE.value})
    assert not accepts("message", whole | {"type": "request.order"})
    assert BODIES[Kind.REQUEST_OFFER] is not BODIES[Kind.MATCH_CLOSE]


def test_a_constant_is_required_though_code_may_leave_it_out() -> None:
    assert not accepts("jwk", {"crv": "X25519", "x": "A" * 43})
    assert accepts("jwk", {"kty": "OKP", "crv": "X25519", "x": "A" * 43})
