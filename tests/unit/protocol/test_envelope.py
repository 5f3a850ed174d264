from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.documents import FieldError
from protocol.envelope import (
    MAGIC,
    MAX_HEADER,
    SIZES,
    FramingError,
    LifetimeError,
    SizeError,
    parse_envelope,
    seal_envelope,
    sealed_to,
    unseal_envelope,
)
from protocol.errors import ProtocolError
from protocol.ids import sha256_hex
from protocol.parsing import JsonError
from protocol.sealing import OVERHEAD, PaddingError, SealLabel, UnsealError, pad, seal
from tests.unit.protocol.builders import AT, DAY, HOST, OPEN, envelope, header, inner, opening


def framed(head: bytes, size: int = 1_024, magic: bytes = MAGIC, length: int | None = None) -> bytes:
    prefix = magic + (len(head) if length is None else length).to_bytes(2, "big") + head
    return prefix.ljust(size, b"\0")


def changed(**changes: object) -> bytes:
    whole = json.loads(header().encode()) | changes
    return json.dumps({name: value for name, value in whole.items() if value != "absent"}).encode()


def test_an_envelope_is_framed_to_the_byte() -> None:
    made = envelope()
    head = made.header.encode()
    assert made.raw.startswith(b"MW1\0" + len(head).to_bytes(2, "big") + head)
    assert made.raw[6 + len(head) :] == made.sealed
    read = parse_envelope(made.raw)
    assert (read.header, read.header_bytes, read.sealed) == (made.header, head, made.sealed)
    assert read.digest == sha256_hex(made.raw)
    assert sealed_to(read) == OPEN.key_id
    assert unseal_envelope(read, OPEN) == inner()


@given(st.integers(min_value=0, max_value=65_100))
def test_every_envelope_has_one_of_four_sizes_and_the_smallest_that_fits(length: int) -> None:
    made = envelope(b"x" * length)
    overhead = len(made.raw) - len(made.sealed) + OVERHEAD
    assert len(made.raw) == min(size for size in SIZES if size > overhead + length)
    assert unseal_envelope(parse_envelope(made.raw), OPEN) == b"x" * length


def test_what_fits_no_envelope_is_refused_before_it_is_sealed() -> None:
    with pytest.raises(SizeError):
        envelope(b"x" * 65_536)


@pytest.mark.parametrize("size", [0, 1, 1_023, 1_025, 4_095, 65_535, 65_537, 131_072])
def test_another_size_is_refused(size: int) -> None:
    with pytest.raises(SizeError) as refused:
        parse_envelope(envelope().raw.ljust(size, b"\0")[:size])
    assert refused.value.status == 413


@pytest.mark.parametrize("magic", [b"MW2\0", b"MW1\1", b"mw1\0", bytes(4)])
def test_another_magic_is_refused(magic: bytes) -> None:
    with pytest.raises(FramingError):
        parse_envelope(framed(header().encode(), magic=magic))


def test_a_header_longer_than_allowed_is_not_read() -> None:
    with pytest.raises(FramingError):
        parse_envelope(framed(header().encode(), length=MAX_HEADER + 1))
    with pytest.raises(FramingError):
        parse_envelope(framed(b"", length=0xFFFF))


@pytest.mark.parametrize("length", [0, 5, 300])
def test_a_header_cut_or_stretched_is_not_json(length: int) -> None:
    with pytest.raises(JsonError):
        parse_envelope(framed(header().encode(), length=length))


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"v": "absent"},
        {"v": True},
        {"suite": 2},
        {"suite": "absent"},
        {"to": HOST.upper()},
        {"from": "absent", "sender": HOST},
        {"id": "017f22e2-79b0-4cc3-98c4-dc0c0c07398f"},
        {"kid": "short"},
        {"sent_at": -1},
        {"expires_at": "soon"},
    ],
)
def test_a_header_of_another_form_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(FieldError):
        parse_envelope(framed(changed(**change)))


@pytest.mark.parametrize("lifetime", [0, -1, 14 * DAY + 1])
def test_an_envelope_lives_fourteen_days_at_most(lifetime: int) -> None:
    with pytest.raises(LifetimeError):
        parse_envelope(framed(changed(expires_at=AT + lifetime)))


def test_the_seal_is_bound_to_the_header_as_it_travelled() -> None:
    made = envelope()
    other = changed(sent_at=AT + 1)
    assert len(other) >= len(made.header_bytes)
    spaced = made.header_bytes.replace(b",", b" ,", 1)
    swapped = parse_envelope((framed(spaced)[: 6 + len(spaced)] + made.sealed)[:4_096].ljust(4_096, b"\0"))
    with pytest.raises(UnsealError):
        unseal_envelope(swapped, OPEN)


def test_an_envelope_opens_for_its_recipient_only() -> None:
    with pytest.raises(UnsealError):
        unseal_envelope(envelope(), opening("another"))


def test_an_envelope_with_other_padding_is_refused() -> None:
    made = envelope()
    size = 4_096 - (len(made.raw) - len(made.sealed)) - OVERHEAD
    sealed = seal(
        pad(inner(), size)[:-1] + b"\x01", to=OPEN.public, label=SealLabel.ENVELOPE, context=made.header_bytes
    )
    again = parse_envelope(made.raw[: -len(made.sealed)] + sealed)
    with pytest.raises(PaddingError):
        unseal_envelope(again, OPEN)


@given(st.binary(min_size=1_024, max_size=1_024))
def test_whatever_the_bytes_the_answer_is_an_envelope_or_a_named_error(raw: bytes) -> None:
    for candidate in (raw, MAGIC + raw[4:], MAGIC + b"\x00\x20" + raw[6:]):
        with pytest.raises(ProtocolError):
            parse_envelope(candidate)


def test_a_header_too_long_for_the_frame_is_never_sealed() -> None:
    long = header().model_copy(update={"kid": "k" * MAX_HEADER})
    with pytest.raises(SizeError):
        seal_envelope(long, b"", OPEN.public)
