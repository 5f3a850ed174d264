from __future__ import annotations

import hashlib
import hmac

import pytest

from protocol import jws
from protocol.errors import ProtocolError
from protocol.ids import Digest, JoinId, sha256_hex, uuid7
from protocol.joining import (
    JoinAnswer,
    JoinChallenge,
    JoinCode,
    JoinCodeError,
    JoinError,
    JoinRequest,
    answer_challenge,
    check_mac,
    make_challenge,
    read_code,
    request_mac,
    sign_code,
    sign_refusal,
    sign_request,
    verify_answer,
    verify_challenge,
    verify_code,
    verify_refusal,
    verify_request,
)
from protocol.jws import KindError
from protocol.keys import SignatureError
from protocol.parsing import b64u
from protocol.sealing import SealLabel, UnsealError, seal
from protocol.statements import sign_statement
from protocol.vocabulary import Publishes, SizeBracket
from tests.unit.protocol.builders import AT, DAY, HOME, HOST, IDENTITY, NOW, later, opening, seed, signing, statement

ADMISSIONS = signing("admissions")
STEWARDS = jws.by_id(ADMISSIONS.public)
JOIN = JoinId(uuid7(NOW, seed("join")))
OTHER_JOIN = JoinId(uuid7(NOW, seed("other join")))
SECRET = b64u(seed("secret"))
OPENED = seed("challenge")
STATEMENT = sign_statement(statement(), IDENTITY)


def code(**changes: object) -> JoinCode:
    fields: dict[str, object] = {
        "jti": JOIN,
        "exchange": "https://exchange.example",
        "root_version": 1,
        "root_sha256": sha256_hex(b"root"),
        "secret": SECRET,
        "iat": AT,
        "exp": AT + 7 * DAY,
    }
    return JoinCode.model_validate(fields | changes)


def request(**changes: object) -> JoinRequest:
    mac = request_mac(SECRET, join=JOIN, identity=IDENTITY.public, statement=sha256_hex(STATEMENT))
    fields: dict[str, object] = {
        "jti": JOIN,
        "node": HOME,
        "name": "Medicine Hat",
        "region": "Alberta",
        "identity": IDENTITY.public.jwk,
        "statement": STATEMENT.decode(),
        "publishes": Publishes.BRACKET,
        "size": SizeBracket.UNDER_25,
        "mac": mac,
        "iat": AT,
    }
    return JoinRequest.model_validate(fields | changes)


def challenge(opened: bytes = OPENED, **changes: object) -> bytes:
    arguments = {"join": JOIN, "to": opening("home").public, "admissions": ADMISSIONS, "now": AT} | changes
    return make_challenge(opened=opened, **arguments)  # type: ignore[arg-type]  # a test's shorthand


def answer(token: bytes) -> bytes:
    return answer_challenge(token, join=JOIN, key=opening("home"), identity=IDENTITY, admissions=STEWARDS, now=AT)


def refused_request(**changes: object) -> ProtocolError:
    with pytest.raises(ProtocolError) as found:
        verify_request(sign_request(request(**changes), IDENTITY), NOW)
    return found.value


def test_a_program_joins_step_by_step() -> None:
    found = verify_code(sign_code(code(), ADMISSIONS), admissions=STEWARDS, now=NOW)
    assert found == code()
    asked, keys = verify_request(sign_request(request(), IDENTITY), NOW)
    check_mac(asked, keys, found.secret)
    verify_answer(answer(challenge()), join=JOIN, identity=IDENTITY.public, opened=OPENED)


@pytest.mark.parametrize("exp", [AT, AT - 1, AT + 7 * DAY + 1])
def test_a_join_code_lives_seven_days_at_most(exp: int) -> None:
    with pytest.raises(JoinCodeError):
        read_code(sign_code(code(exp=exp), ADMISSIONS), later(days=-1))


def test_a_join_code_past_its_time_is_refused() -> None:
    with pytest.raises(JoinCodeError):
        read_code(sign_code(code(), ADMISSIONS), later(days=7))


@pytest.mark.parametrize("token", [b"", b"MEDICINE-HAT-2026", sign_code(code(), ADMISSIONS)[:-1], STATEMENT])
def test_a_damaged_join_code_is_refused_in_one_way(token: bytes) -> None:
    with pytest.raises(JoinCodeError):
        read_code(token, NOW)


def test_a_join_code_by_nobody_of_this_federation_is_refused() -> None:
    with pytest.raises(JoinCodeError):
        verify_code(sign_code(code(), signing("thief")), admissions=STEWARDS, now=NOW)


def test_the_mac_binds_secret_join_identity_and_keys() -> None:
    content = (
        b"mentorweave/1 join mac\0"
        + JOIN.encode()
        + b"\0"
        + IDENTITY.public.raw
        + b"\0"
        + sha256_hex(STATEMENT).encode()
    )
    assert request().mac == hmac.new(seed("secret"), content, hashlib.sha256).hexdigest()
    macs = {
        request_mac(secret, join=join, identity=identity, statement=Digest(keys))
        for secret in (SECRET, b64u(bytes(32)))
        for join in (JOIN, OTHER_JOIN)
        for identity in (IDENTITY.public, ADMISSIONS.public)
        for keys in ("0" * 64, "1" * 64)
    }
    assert len(macs) == 16


def test_who_does_not_hold_the_code_is_refused() -> None:
    asked, keys = verify_request(sign_request(request(mac="0" * 64), IDENTITY), NOW)
    with pytest.raises(JoinError) as refused:
        check_mac(asked, keys, SECRET)
    assert refused.value.params == {"field": "mac"}


def test_a_request_is_signed_by_the_identity_key_it_carries() -> None:
    with pytest.raises(ProtocolError) as refused:
        verify_request(sign_request(request(), signing("thief")), NOW)
    assert refused.value.code == "key-unknown"
    head, body, _ = sign_request(request(), IDENTITY).split(b".")
    forged = b".".join((head, body, sign_request(request(name="Elsewhere"), IDENTITY).split(b".")[2]))
    with pytest.raises(SignatureError):
        verify_request(forged, NOW)


def test_a_request_from_the_future_is_refused() -> None:
    assert refused_request(iat=AT + 301).params == {"field": "iat"}


def test_a_request_with_somebody_else_s_keys_is_refused() -> None:
    assert refused_request(node=HOST).code == "statement-invalid"
    thief = sign_statement(statement(), signing("thief")).decode()
    assert refused_request(statement=thief).code == "key-unknown"


def test_a_challenge_opens_for_the_asker_only() -> None:
    with pytest.raises(UnsealError):
        answer(challenge(to=opening("another").public))
    assert verify_challenge(challenge(), join=JOIN, admissions=STEWARDS).jti == JOIN


def test_a_challenge_by_nobody_of_the_stewards_is_not_answered() -> None:
    with pytest.raises(ProtocolError) as refused:
        answer(challenge(admissions=signing("thief")))
    assert refused.value.code == "key-unknown"


def test_a_challenge_for_another_join_is_not_answered() -> None:
    with pytest.raises(JoinError):
        answer(challenge(join=OTHER_JOIN))


def test_a_seal_moved_from_another_join_does_not_open() -> None:
    sealed = seal(OPENED, to=opening("home").public, label=SealLabel.JOIN, context=OTHER_JOIN.encode())
    moved = JoinChallenge(jti=JOIN, sealed=b64u(sealed), iat=AT)
    with pytest.raises(UnsealError):
        answer(jws.sign(moved.encode(), typ=jws.Typ.JOIN_CHALLENGE, key=ADMISSIONS))


@pytest.mark.parametrize("opened", [b"", bytes(31), bytes(33)])
def test_a_challenge_that_does_not_open_to_32_bytes_is_not_answered(opened: bytes) -> None:
    with pytest.raises(JoinError) as refused:
        answer(challenge(opened))
    assert refused.value.params == {"field": "sealed"}


@pytest.mark.parametrize("change", [{"jti": OTHER_JOIN}, {"opened": b64u(bytes(32))}])
def test_an_answer_to_something_else_is_refused(change: dict[str, object]) -> None:
    fields = {"jti": JOIN, "opened": b64u(OPENED), "iat": AT} | change
    token = jws.sign(JoinAnswer.model_validate(fields).encode(), typ=jws.Typ.JOIN_ANSWER, key=IDENTITY)
    with pytest.raises(JoinError):
        verify_answer(token, join=JOIN, identity=IDENTITY.public, opened=OPENED)


def test_a_refusal_is_a_steward_s_and_for_this_join() -> None:
    token = sign_refusal(JOIN, admissions=ADMISSIONS, now=AT)
    verify_refusal(token, join=JOIN, admissions=STEWARDS)
    with pytest.raises(JoinError):
        verify_refusal(token, join=OTHER_JOIN, admissions=STEWARDS)
    with pytest.raises(KindError):
        verify_challenge(token, join=JOIN, admissions=STEWARDS)
