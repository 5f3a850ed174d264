from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.sealing import OVERHEAD, PaddingError, SealLabel, UnsealError, pad, seal, unpad, unseal
from tests.unit.protocol.builders import OPEN, opening

if TYPE_CHECKING:
    from protocol.keys import OpeningKey

SEALED = seal(b"content", to=OPEN.public, label=SealLabel.CARD, context=b"context")


def opens(
    sealed: bytes, key: OpeningKey = OPEN, label: SealLabel = SealLabel.CARD, context: bytes = b"context"
) -> bytes:
    return unseal(sealed, key=key, label=label, context=context)


def test_what_was_sealed_opens_for_its_recipient() -> None:
    assert opens(SEALED) == b"content"
    assert len(SEALED) == len(b"content") + OVERHEAD


def test_a_seal_opens_for_nobody_else() -> None:
    with pytest.raises(UnsealError):
        opens(SEALED, key=opening("another"))


@pytest.mark.parametrize("label", [label for label in SealLabel if label is not SealLabel.CARD])
def test_a_seal_of_one_kind_never_opens_as_another(label: SealLabel) -> None:
    with pytest.raises(UnsealError):
        opens(SEALED, label=label)


def test_a_seal_opens_in_its_own_context_only() -> None:
    with pytest.raises(UnsealError):
        opens(SEALED, context=b"contexT")


@pytest.mark.parametrize("at", [0, 31, 32, -1])
def test_a_changed_byte_is_noticed(at: int) -> None:
    changed = bytearray(SEALED)
    changed[at] ^= 1
    with pytest.raises(UnsealError):
        opens(bytes(changed))


@pytest.mark.parametrize("size", [0, 1, 31, 32, 47])
def test_too_few_bytes_are_no_seal(size: int) -> None:
    with pytest.raises(UnsealError):
        opens(SEALED[:size])


def test_an_encapsulation_of_small_order_opens_nothing() -> None:
    with pytest.raises(UnsealError):
        opens(bytes(32) + SEALED[32:])


@given(st.binary(max_size=64), st.integers(min_value=65, max_value=200))
def test_padding_is_one_form_and_comes_off_again(content: bytes, size: int) -> None:
    padded = pad(content, size)
    assert len(padded) == size
    assert unpad(padded) == content


@pytest.mark.parametrize("padded", [b"", b"\0\0", b"content", b"content\0\0", b"content\x80\0\x01", b"content\x81\0"])
def test_padding_of_another_form_is_refused(padded: bytes) -> None:
    with pytest.raises(PaddingError):
        unpad(padded)
