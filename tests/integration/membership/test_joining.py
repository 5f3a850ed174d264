"""Joining with a steward's code: repeated, interrupted, refused, and attacked on the way."""

import os
from datetime import timedelta

import pytest

from federation.membership.links import JoinState
from federation.membership.refusals import AlreadyJoinedError, NotJoinedError
from federation.membership.roster_client import RosterRefusedError
from protocol.ids import sha256_hex
from protocol.joining import JoinCodeError, check_mac, make_challenge, read_code, verify_answer, verify_request
from protocol.keys import SigningKey, VerifyingKey, six_words
from tests.support.federation import PROFILE, Federation, Program
from tests.support.roster import Stewards


@pytest.fixture
def newcomer(federation: Federation) -> Program:
    return federation.program("newcomer", admitted=False)


def held(federation: Federation) -> dict[str, str | None]:
    (join,) = federation.exchange.joins.values()
    return join


def test_the_whole_way_from_a_code_to_a_member(federation: Federation, newcomer: Program) -> None:
    now, code = federation.clock.now(), federation.code()

    status = newcomer.member.join(code, PROFILE)

    assert status.state is JoinState.WAITING
    root = sha256_hex(federation.stewards.files["1.root.json"])
    identity = newcomer.member.identity.identity
    assert status.words == six_words(root, identity.public)
    request, statement = verify_request(str(held(federation)["request"]).encode(), now)
    check_mac(request, statement, read_code(code.encode(), now).secret)

    opened, join = os.urandom(32), read_code(code.encode(), now).jti
    held(federation)["challenge"] = make_challenge(
        join,  # type: ignore[arg-type]
        opened,
        to=statement.sealing[0],
        admissions=federation.stewards.admissions[0],
        now=int(now.timestamp()),
    ).decode()
    held(federation)["state"] = "challenged"
    assert newcomer.member.join(code, PROFILE).state is JoinState.ANSWERED
    answer = str(held(federation)["answer"]).encode()
    verify_answer(answer, join=join, identity=VerifyingKey(identity.public.raw), opened=opened)  # type: ignore[arg-type]
    assert newcomer.member.join(code, PROFILE).state is JoinState.ANSWERED
    assert not newcomer.sync().joined

    federation.stewards.admit(newcomer.node, identity.public, "Newcomer")
    federation.wait(timedelta(hours=1))
    assert newcomer.sync().joined
    assert (newcomer.node, 1) in federation.exchange.statements
    assert newcomer.member.join(code, PROFILE).state is JoinState.ADMITTED


def test_the_same_request_is_sent_however_often_joining_is_repeated(federation: Federation, newcomer: Program) -> None:
    code = federation.code()
    for _ in range(3):
        newcomer.member.join(code, PROFILE)

    assert len(federation.exchange.joins) == 1


def test_a_refusal_is_shown_and_another_code_starts_again(federation: Federation, newcomer: Program) -> None:
    code = federation.code()
    newcomer.member.join(code, PROFILE)
    held(federation)["state"] = "refused"

    assert newcomer.member.join(code, PROFILE).state is JoinState.REFUSED
    assert newcomer.member.join(federation.code(), PROFILE).state is JoinState.WAITING


def test_a_second_code_while_the_first_is_open_is_refused(federation: Federation, newcomer: Program) -> None:
    newcomer.member.join(federation.code(), PROFILE)

    with pytest.raises(AlreadyJoinedError):
        newcomer.member.join(federation.code(), PROFILE)


def test_admission_is_believed_of_the_signed_roster_only(federation: Federation, newcomer: Program) -> None:
    code = federation.code()
    newcomer.member.join(code, PROFILE)
    held(federation)["state"] = "admitted"

    assert newcomer.member.join(code, PROFILE).state is JoinState.ANSWERED


def test_a_code_by_a_stranger_is_refused(federation: Federation, newcomer: Program) -> None:
    federation.stewards.admissions[0] = SigningKey.generate()

    with pytest.raises(JoinCodeError):
        newcomer.member.join(federation.code(), PROFILE)


def test_an_expired_code_is_refused(federation: Federation, newcomer: Program) -> None:
    code = federation.code()
    federation.wait(timedelta(days=8))

    with pytest.raises(JoinCodeError):
        newcomer.member.join(code, PROFILE)


def test_an_exchange_with_a_root_of_its_own_is_refused(federation: Federation, newcomer: Program) -> None:
    code = federation.code()
    other = Stewards(federation.clock.now())
    other.publish()
    federation.exchange.roster_files = other.files

    with pytest.raises(RosterRefusedError):
        newcomer.member.join(code, PROFILE)


def test_nothing_can_be_synced_before_joining(newcomer: Program) -> None:
    with pytest.raises(NotJoinedError):
        newcomer.sync()
