"""Sealed bytes open with their key, in their place, unchanged, and not otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.ground.sealed import UnsealError, new_key, seal, unseal, unwrap_key, wrap_key

KEY, OTHER = bytes(32), bytes([1]) * 32


@given(st.binary(max_size=200), st.binary(max_size=50))
def test_what_was_sealed_opens_again(plaintext: bytes, context: bytes) -> None:
    assert unseal(KEY, seal(KEY, plaintext, context), context) == plaintext


def test_the_same_text_never_looks_the_same_twice() -> None:
    assert seal(KEY, b"text", b"place") != seal(KEY, b"text", b"place")


def test_another_key_opens_nothing() -> None:
    with pytest.raises(UnsealError):
        unseal(OTHER, seal(KEY, b"text", b"place"), b"place")


def test_another_place_opens_nothing() -> None:
    with pytest.raises(UnsealError):
        unseal(KEY, seal(KEY, b"text", b"people.name.1"), b"people.name.2")


@pytest.mark.parametrize("position", range(1 + 12 + 4 + 16))
def test_a_changed_byte_opens_nothing(position: int) -> None:
    sealed = bytearray(seal(KEY, b"text", b"place"))
    sealed[position] ^= 1

    with pytest.raises(UnsealError):
        unseal(KEY, bytes(sealed), b"place")


@pytest.mark.parametrize("length", [0, 1, 12, 13, 28])
def test_a_cut_text_opens_nothing(length: int) -> None:
    with pytest.raises(UnsealError):
        unseal(KEY, seal(KEY, b"text", b"place")[:length], b"place")


def test_a_wrapped_key_comes_back() -> None:
    key = new_key()

    assert unwrap_key(KEY, wrap_key(KEY, key, b"person 1"), b"person 1") == key


def test_a_wrapped_key_is_no_text_and_a_text_no_key() -> None:
    with pytest.raises(UnsealError):
        unseal(KEY, wrap_key(KEY, OTHER, b"place"), b"place")
    with pytest.raises(UnsealError):
        unwrap_key(KEY, seal(KEY, OTHER, b"place"), b"place")


def test_a_key_of_another_length_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        seal(b"short", b"text", b"place")


def test_fresh_keys_differ() -> None:
    assert len({new_key() for _ in range(10)}) == 10
