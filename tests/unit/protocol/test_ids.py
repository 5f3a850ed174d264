from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest

from protocol.errors import ProtocolError, every_error, type_uri
from protocol.ids import (
    IdError,
    node_id,
    parse_digest,
    parse_message_id,
    parse_node_id,
    parse_thread_id,
    sha256_hex,
    uuid7,
)


def test_a_member_id_is_sixteen_letters_that_say_nothing() -> None:
    made = node_id(bytes(range(10)))
    assert parse_node_id(made) == made == "aaaqeayeaudaocaj"


@pytest.mark.parametrize("text", ["", "aaaqeayeaudaoca", "AAAQEAYEAUDAOCAJ", "aaaqeayeaudaoca1", "aaaqeayeaudaocaj\n"])
def test_a_member_id_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(IdError):
        parse_node_id(text)


def test_a_uuid7_follows_rfc_9562_and_sorts_by_its_moment() -> None:
    # RFC 9562 appendix A.6: 2022-02-22 14:22:22 GMT-5, rand_a 0xCC3, rand_b 0x18C4DC0C0C07398F
    at = datetime.fromtimestamp(0x017F22E279B0 / 1000, UTC)
    entropy = ((0xCC3 << 64) | 0x18C4DC0C0C07398F).to_bytes(10, "big")
    made = uuid7(at, entropy)
    assert made == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
    assert uuid.UUID(made).variant == uuid.RFC_4122
    assert parse_message_id(made) == made
    assert parse_thread_id(made) == made


def test_a_uuid_of_another_version_is_no_message_id() -> None:
    with pytest.raises(IdError) as refused:
        parse_message_id(str(uuid.UUID(int=0, version=4)))
    assert refused.value.params == {"kind": "message"}


def test_a_digest_is_sixty_four_lower_case_hexadecimal_digits() -> None:
    assert parse_digest(sha256_hex(b"")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    with pytest.raises(IdError):
        parse_digest("E3" * 32)


def test_every_error_has_a_code_of_its_own_and_says_what_to_do_next() -> None:
    waiting, classes = [ProtocolError], set()
    while waiting:
        error = waiting.pop()
        classes.add(error)
        waiting.extend(each for each in error.__subclasses__() if each.__module__.startswith("protocol"))
    assert len({error.code for error in classes}) == len(classes)
    assert all(error.title.endswith(".") and error.remedy.endswith(".") for error in classes)
    assert classes <= set(every_error())
    assert type_uri(IdError.code).endswith("/id-malformed")


def test_an_error_tells_its_code_and_its_parameters() -> None:
    assert str(IdError(kind="node")) == "id-malformed (kind=node)"
    assert str(IdError()) == "id-malformed"
