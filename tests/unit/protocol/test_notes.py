"""Notes to oneself: what only their author can write and read, and that they tell nothing from outside."""

from datetime import timedelta

import pytest

from protocol import jws
from protocol.envelope import SIZES, Envelope, EnvelopeHeader, parse_envelope, seal_envelope
from protocol.errors import ProtocolError
from protocol.ids import uuid7
from protocol.jws import KindError, UnknownKeyError
from protocol.keys import SealingKey, SigningKey
from protocol.messages import FutureError, HeaderMismatchError
from protocol.notes import MOST, SIZE, ErasureNote, note_key, open_note, seal_note
from protocol.sealing import UnsealError
from tests.unit.protocol.builders import AT, DAY, HOME, IDENTITY, NOW, OTHER, SIGN, opening, seed, signing


def a_note(**changes: object) -> ErasureNote:
    fields: dict[str, object] = {
        "iss": HOME,
        "jti": uuid7(NOW, seed("note")[:10]),
        "since": 0,
        "iat": AT,
        "exp": AT + 14 * DAY,
        "erasures": ("a" * 64,),
    }
    return ErasureNote.model_validate(fields | changes)


def opened(envelope: Envelope, identity: SigningKey = IDENTITY) -> ErasureNote:
    return open_note(parse_envelope(envelope.raw), identity=identity, now=NOW)


def refused(envelope: Envelope) -> ProtocolError:
    with pytest.raises(ProtocolError) as caught:
        opened(envelope)
    return caught.value


def posed(note: ErasureNote, key: SealingKey, signed_by: SigningKey, typ: jws.Typ = jws.Typ.NOTE) -> Envelope:
    """What somebody else would have to write to pass for its author."""
    header = EnvelopeHeader(
        to=note.iss, sender=note.iss, id=note.jti, sent_at=note.iat, expires_at=note.exp, kid=key.key_id
    )
    return seal_envelope(header, jws.sign(note.encode(), typ=typ, key=signed_by), key, at_least=SIZE)


def test_a_note_is_read_by_whoever_holds_the_identity_key_and_nobody_else() -> None:
    note = a_note()
    assert opened(seal_note(note, IDENTITY)) == note
    with pytest.raises(UnsealError):
        opened(seal_note(note, IDENTITY), signing("another"))


@pytest.mark.parametrize("count", [0, 1, MOST])
def test_every_note_is_of_one_size_and_names_one_key_however_many_were_erased(count: int) -> None:
    some, none = (
        seal_note(a_note(erasures=tuple(f"{place:064x}" for place in range(many))), IDENTITY) for many in (count, 0)
    )
    assert len(some.raw) == SIZE == SIZES[2]
    assert some.header == none.header


def test_more_than_fit_are_no_note() -> None:
    with pytest.raises(ValueError, match="erasures"):
        a_note(erasures=("a" * 64,) * (MOST + 1))


def test_nobody_else_writes_a_note_for_us() -> None:
    ours = note_key(IDENTITY).public
    assert isinstance(refused(posed(a_note(), opening("published").public, IDENTITY)), UnsealError)
    assert isinstance(refused(posed(a_note(), ours, SIGN)), UnknownKeyError)
    assert isinstance(refused(posed(a_note(), ours, IDENTITY, jws.Typ.KEYS)), KindError)


def test_a_note_is_what_its_outside_says() -> None:
    ours, note = note_key(IDENTITY).public, a_note()
    header = EnvelopeHeader(to=HOME, sender=OTHER, id=note.jti, sent_at=note.iat, expires_at=note.exp, kid=ours.key_id)
    inner = jws.sign(note.encode(), typ=jws.Typ.NOTE, key=IDENTITY)
    assert isinstance(refused(seal_envelope(header, inner, ours)), HeaderMismatchError)


def test_a_note_keeps_however_old_it_is_but_none_comes_from_the_future() -> None:
    old = a_note(iat=AT - 100 * DAY, exp=AT - 86 * DAY)
    assert opened(seal_note(old, IDENTITY)) == old
    soon = int((NOW + timedelta(minutes=6)).timestamp())
    assert isinstance(refused(seal_note(a_note(iat=soon, exp=soon + DAY), IDENTITY)), FutureError)
