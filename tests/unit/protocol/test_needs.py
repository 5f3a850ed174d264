from __future__ import annotations

import json

import pytest

from protocol import jws
from protocol.documents import CriticalFieldError, FieldError
from protocol.errors import ProtocolError
from protocol.ids import sha256_hex, uuid7
from protocol.keys import KeyFormError
from protocol.needs import (
    CARD_BYTES,
    OFFER_BYTES,
    Attestation,
    Batch,
    BoardError,
    BoardKind,
    Closing,
    NeedCard,
    NeedUpload,
    OfferClaims,
    claimed_offer,
    open_offer,
    open_upload,
    read_upload,
    seal_offer,
    seal_upload,
    sign_attestation,
    sign_batch,
    sign_offer,
    usable_cards,
    verify_attestation,
    verify_batch,
    verify_offer,
)
from protocol.parsing import b64u
from protocol.sealing import UnsealError
from protocol.vocabulary import Mode
from tests.unit.protocol.builders import AT, HOME, HOST, KEYS, NOW, REF, SIGN, later, opening, seed, signing
from tests.unit.protocol.test_bodies import CAPABILITY

BOARD = opening("board")
BOARD_SIGN = signing("board")
BOARD_KEYS = jws.by_id(BOARD_SIGN.public)
BATCH = "2026-W10"
UPLOAD = uuid7(NOW, seed("upload"))
SECRET = b64u(seed("close"))


def card(name: str = "card", **changes: object) -> NeedCard:
    fields: dict[str, object] = {
        "occupation": "21331",
        "tier": 0,
        "mode": Mode.ONLINE,
        "key": opening(name).public.jwk,
        "close": Closing(secret=SECRET).close,
    }
    return NeedCard.model_validate(fields | changes)


def offer(**changes: object) -> OfferClaims:
    fields: dict[str, object] = {
        "iss": HOST,
        "card": card().card_id,
        "offer": uuid7(NOW, seed("offer")),
        "ticket": b64u(seed("ticket")),
        "capability": CAPABILITY,
        "hold_until": AT,
        "iat": AT,
        "keys": REF,
    }
    return OfferClaims.model_validate(fields | changes)


def batch(**changes: object) -> Batch:
    cards = sorted((card("a"), card("b")), key=lambda each: each.card_id)
    fields: dict[str, object] = {
        "batch": BATCH,
        "kind": BoardKind.NEEDS,
        "released_at": AT,
        "previous": None,
        "cards": tuple(cards),
        "closed": ("0" * 64, "1" * 64),
    }
    return Batch.model_validate(fields | changes)


def upload(content: bytes, **changes: object) -> bytes:
    arguments = {"kind": BoardKind.NEEDS, "batch": BATCH, "upload": UPLOAD, "board": BOARD.public} | changes
    return seal_upload(content, **arguments)  # type: ignore[arg-type]  # a test's shorthand


def refused(document: Batch) -> ProtocolError:
    with pytest.raises(ProtocolError) as found:
        verify_batch(sign_batch(document, BOARD_SIGN), keys=BOARD_KEYS, kind=BoardKind.NEEDS, batch=BATCH)
    return found.value


def test_a_card_is_named_by_its_one_time_key_and_closed_by_its_secret() -> None:
    assert card().card_id == sha256_hex(opening("card").public.raw)
    assert Closing(secret=SECRET).close == sha256_hex(seed("close"))


def test_a_card_names_no_origin_no_town_and_no_free_text() -> None:
    assert set(NeedCard.model_fields) == {"occupation", "language", "tier", "mode", "key", "close", "token", "crit"}


@pytest.mark.parametrize(("kind", "size"), [(BoardKind.NEEDS, CARD_BYTES), (BoardKind.OFFERS, OFFER_BYTES)])
def test_uploads_of_one_kind_are_all_of_one_size(kind: BoardKind, size: int) -> None:
    for content in (b"", NeedUpload(card=card()).encode()):
        sealed = upload(content, kind=kind)
        assert len(sealed) == size
        assert open_upload(sealed, kind=kind, batch=BATCH, upload=UPLOAD, key=BOARD) == content


def test_an_upload_too_long_for_its_kind_is_not_sealed() -> None:
    with pytest.raises(BoardError):
        upload(b"x" * 976)
    assert upload(b"x" * 975)


def test_an_upload_of_another_size_is_not_opened() -> None:
    with pytest.raises(BoardError):
        open_upload(upload(b"") + b"\0", kind=BoardKind.NEEDS, batch=BATCH, upload=UPLOAD, key=BOARD)


@pytest.mark.parametrize(
    "change", [{"batch": "2026-W11"}, {"upload": uuid7(NOW, seed("x"))}, {"board": opening("x").public}]
)
def test_an_upload_opens_in_its_own_batch_under_its_own_id_and_for_its_board_only(change: dict[str, object]) -> None:
    with pytest.raises(UnsealError):
        open_upload(upload(b"", **change), kind=BoardKind.NEEDS, batch=BATCH, upload=UPLOAD, key=BOARD)


def test_the_board_reads_a_card_or_a_closing() -> None:
    for content in (NeedUpload(card=card()), NeedUpload(closing=Closing(secret=SECRET))):
        assert read_upload(content.encode()) == content


def test_an_upload_is_one_of_the_two() -> None:
    both = json.dumps({"card": json.loads(card().encode()), "closing": {"secret": SECRET}}).encode()
    for content in (b"{}", both):
        with pytest.raises(FieldError):
            read_upload(content)


def test_a_card_that_the_board_would_not_understand_or_nobody_could_answer_is_refused() -> None:
    with pytest.raises(CriticalFieldError):
        read_upload(NeedUpload(card=card(crit=("place",))).encode())
    for key in (SIGN.public.jwk, opening("a").public.jwk.model_copy(update={"x": b64u(bytes(32))})):
        with pytest.raises(KeyFormError):
            read_upload(NeedUpload(card=card(key=key)).encode())


def test_an_offer_reaches_its_card_only() -> None:
    sealed = seal_offer(sign_offer(offer(), SIGN), card())
    token = open_offer(sealed, card().card_id, opening("card"))
    found = verify_offer(token, keys=KEYS, host=HOST, card=card().card_id)
    assert found == offer() == claimed_offer(token)
    with pytest.raises(UnsealError):
        open_offer(sealed, card().card_id, opening("another"))
    with pytest.raises(UnsealError):
        open_offer(sealed, card("another").card_id, opening("card"))


def test_every_sealed_offer_fills_an_upload_exactly() -> None:
    sealed = seal_offer(sign_offer(offer(), SIGN), card())
    assert len(upload(sealed, kind=BoardKind.OFFERS)) == OFFER_BYTES
    with pytest.raises(BoardError):
        upload(sealed + b"x", kind=BoardKind.OFFERS)


def test_an_offer_too_long_for_its_seal_is_not_sealed() -> None:
    with pytest.raises(BoardError):
        seal_offer(b"x" * 3_999, card())
    assert seal_offer(b"x" * 3_998, card())


def test_an_offer_by_another_host_or_for_another_card_is_refused() -> None:
    for change in ({"iss": HOME}, {"card": "0" * 64}):
        with pytest.raises(BoardError):
            verify_offer(sign_offer(offer(**change), SIGN), keys=KEYS, host=HOST, card=card().card_id)


def test_a_batch_shows_everything_in_the_order_of_its_hashes() -> None:
    token = sign_batch(batch(), BOARD_SIGN)
    assert verify_batch(token, keys=BOARD_KEYS, kind=BoardKind.NEEDS, batch=BATCH) == batch()
    texts = tuple(sorted(("YQ", "Yg"), key=lambda text: sha256_hex(text.encode())))
    offers = batch(kind=BoardKind.OFFERS, cards=(), closed=(), offers=texts)
    token = sign_batch(offers, BOARD_SIGN)
    assert verify_batch(token, keys=BOARD_KEYS, kind=BoardKind.OFFERS, batch=BATCH) == offers


@pytest.mark.parametrize(
    "change",
    [
        {"cards": tuple(reversed(batch().cards))},
        {"cards": batch().cards[:1] * 2},
        {"closed": ("1" * 64, "0" * 64)},
        {"closed": ("0" * 64, "0" * 64)},
        {"offers": ("YQ",)},
        {"kind": BoardKind.OFFERS},
        {"batch": "2026-W11"},
    ],
)
def test_a_batch_out_of_order_or_of_another_week_is_refused(change: dict[str, object]) -> None:
    assert isinstance(refused(batch(**change)), BoardError)


def test_offers_out_of_order_or_among_cards_are_refused() -> None:
    texts = tuple(sorted(("YQ", "Yg"), key=lambda text: sha256_hex(text.encode()), reverse=True))
    for change in ({"offers": texts, "cards": (), "closed": ()}, {"cards": ()}, {"closed": ()}):
        document = batch(kind=BoardKind.OFFERS, **change)
        with pytest.raises(BoardError):
            verify_batch(sign_batch(document, BOARD_SIGN), keys=BOARD_KEYS, kind=BoardKind.OFFERS, batch=BATCH)


def test_a_card_that_a_reader_does_not_understand_is_passed_over_and_the_others_are_read() -> None:
    weak = opening("weak").public.jwk.model_copy(update={"x": b64u(bytes(32))})
    cards = (card("a"), card("b", crit=("place",)), card("c", key=weak), card("d", key=SIGN.public.jwk))
    shown = tuple(sorted(cards, key=lambda each: each.card_id))
    token = sign_batch(batch(cards=shown), BOARD_SIGN)
    found = verify_batch(token, keys=BOARD_KEYS, kind=BoardKind.NEEDS, batch=BATCH)
    assert usable_cards(found) == (card("a"),)


def test_only_the_board_signs_a_batch() -> None:
    with pytest.raises(ProtocolError) as found:
        verify_batch(sign_batch(batch(), SIGN), keys=BOARD_KEYS, kind=BoardKind.NEEDS, batch=BATCH)
    assert found.value.code == "key-unknown"


def attestation(**changes: object) -> Attestation:
    fields: dict[str, object] = {
        "iss": HOME,
        "quarter": "2026-Q1",
        "waiting": 12,
        "coordinator": signing("coordinator").key_id,
        "iat": AT,
        "keys": REF,
    }
    return Attestation.model_validate(fields | changes)


def test_a_program_attests_how_many_mentees_wait() -> None:
    token = sign_attestation(attestation(), SIGN)
    assert verify_attestation(token, keys=KEYS, node=HOME, quarter="2026-Q1", now=NOW) == attestation()


@pytest.mark.parametrize("change", [{"iss": HOST}, {"quarter": "2026-Q2"}, {"iat": AT + 301}])
def test_an_attestation_by_another_for_another_quarter_or_from_the_future_is_refused(change: dict[str, object]) -> None:
    token = sign_attestation(attestation(**change), SIGN)
    with pytest.raises(BoardError):
        verify_attestation(token, keys=KEYS, node=HOME, quarter="2026-Q1", now=NOW)
    assert later(seconds=1) > NOW
