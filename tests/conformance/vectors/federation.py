"""Vectors of the federation: roster, joining, summaries, the need board, and the signature of a hop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocol.joining import JoinChallenge, sign_code, sign_refusal
from protocol.joining import sign_request as sign_join_request
from protocol.jws import Typ
from protocol.jws import sign as sign_jws
from protocol.needs import CARD_BYTES, BoardKind, Closing, NeedUpload, sign_attestation, sign_batch, sign_offer
from protocol.parsing import b64u
from protocol.roster import Cleared, Standing
from protocol.sealing import OVERHEAD, SealLabel, pad
from protocol.statements import StatementRef
from protocol.summaries import sign_summary
from protocol.vocabulary import Publishes
from tests.conformance.vectors.case import Case
from tests.conformance.vectors.language import jwk
from tests.conformance.vectors.letters import sealed
from tests.unit.protocol import test_joining as joining_builders
from tests.unit.protocol import test_needs as board
from tests.unit.protocol.builders import AT, DAY, HOME, HOST, IDENTITY, OTHER, SIGN, opening, seed, signing
from tests.unit.protocol.test_roster import POLICY, member, members, suspension, suspensions
from tests.unit.protocol.test_summaries import MILLISECONDS, summary

if TYPE_CHECKING:
    from protocol.keys import SigningKey
    from protocol.needs import Batch
    from protocol.parsing import Json
    from protocol.roster import Member, Members, Suspension
    from tests.conformance.vectors.case import Fields


def _target(name: str, target: str, text: str, error: str | None = None) -> Case:
    return Case(name=name, operation="read_target", given={"target": target, "text": text}, error=error)


def _standing(
    name: str,
    *entries: Member,
    kept: tuple[Suspension, ...] = (),
    found: tuple[Suspension, ...] = (),
    cleared: tuple[Cleared, ...] = (),
    node: str = HOME,
    error: str | None = None,
) -> Case:
    given: Fields = {
        "members": members(*entries, cleared=cleared).encode().decode(),
        "kept": suspensions(*kept).encode().decode(),
        "found": suspensions(*found).encode().decode(),
        "node": node,
        "now": AT,
    }
    return Case(name=name, operation="standing", given=given, error=error)


def _succession(name: str, after: Members, error: str | None = None) -> Case:
    given: Fields = {"before": members().encode().decode(), "after": after.encode().decode()}
    return Case(name=name, operation="check_succession", given=given, error=error)


def roster() -> list[Case]:
    """What the stewards sign, and what sticks (06-roster)."""
    listed = members().encode().decode()
    twice = listed.replace("]", f",{member(identity=SIGN.public.jwk).encode().decode()}]", 1)
    lifted = Cleared(key=suspension().key, serial=1)
    return [
        _target("a list of members", "members.json", listed),
        _target("a policy", "policy.json", POLICY.encode().decode()),
        _target("suspensions", "suspensions.json", suspensions(suspension()).encode().decode()),
        _target("one id twice", "members.json", twice, "field-invalid"),
        _target(
            "a critical field of tomorrow",
            "members.json",
            listed.replace('"crit":[]', '"crit":["quorum"]'),
            "critical-field-unknown",
        ),
        _standing("an active member"),
        _standing("a suspended member", found=(suspension(),)),
        _standing("a suspension that a later file leaves out", kept=(suspension(),)),
        _standing(
            "a suspension that was cleared by name", kept=(suspension(),), found=(suspension(),), cleared=(lifted,)
        ),
        _standing("a cleared suspension beside another", kept=(suspension(1), suspension(2)), cleared=(lifted,)),
        _standing("a member that left", member(status=Standing.LEFT), found=(suspension(),)),
        _standing("nobody", node=OTHER, error="member-unknown"),
        _standing("a member before its time", member(valid_from=AT + 1), error="member-unknown"),
        _succession("a new member", members(member(), member(id=HOST, identity=SIGN.public.jwk))),
        _succession(
            "a new identity key with a higher least version",
            members(member(identity=SIGN.public.jwk, min_key_version=2)),
        ),
        _succession("a new identity key without", members(member(identity=SIGN.public.jwk)), "roster-succession"),
        _succession("a member that vanished", members(member(id=HOST)), "roster-succession"),
        _succession(
            "another declaration within the year", members(member(publishes=Publishes.COUNTS)), "roster-succession"
        ),
    ]


def joining() -> list[Case]:
    """Joining, step by step (06-roster)."""
    build = joining_builders
    stewards: list[Json] = [jwk(build.ADMISSIONS.public.jwk)]

    def code(name: str, error: str | None = None, key: SigningKey = build.ADMISSIONS, **changes: object) -> Case:
        given: Fields = {"token": sign_code(build.code(**changes), key).decode(), "keys": stewards, "now": AT}
        return Case(name=name, operation="verify_join_code", given=given, error=error)

    def request(name: str, error: str | None = None, key: SigningKey = IDENTITY, **changes: object) -> Case:
        token = sign_join_request(build.request(**changes), key).decode()
        given: Fields = {"token": token, "secret": build.SECRET, "now": AT}
        return Case(name=name, operation="verify_join_request", given=given, error=error)

    def challenge(
        name: str, error: str | None = None, key: SigningKey = build.ADMISSIONS, join: str = build.JOIN
    ) -> Case:
        content = sealed(build.OPENED, to="home", label=SealLabel.JOIN, context=join.encode())
        token = sign_jws(
            JoinChallenge(jti=join, sealed=b64u(content), iat=AT).encode(), typ=Typ.JOIN_CHALLENGE, key=key
        )
        private = b64u(opening("home").raw)
        given: Fields = {"token": token.decode(), "keys": stewards, "join": build.JOIN, "private": private}
        return Case(name=name, operation="verify_join_challenge", given=given, error=error)

    refusal = sign_refusal(build.JOIN, admissions=build.ADMISSIONS, now=AT).decode()
    refused: Fields = {"token": refusal, "keys": stewards, "join": build.JOIN}
    answered: Fields = {
        "token": build.answer(build.challenge()).decode(),
        "identity": jwk(IDENTITY.public.jwk),
        "join": build.JOIN,
        "opened": b64u(build.OPENED),
    }
    return [
        code("a join code"),
        code("a code by nobody", "join-code", key=signing("thief")),
        code("more than seven days", "join-code", exp=AT + 7 * DAY + 1),
        code("past its time", "join-code", iat=AT - DAY, exp=AT),
        request("a request"),
        request("a request without the secret", "join-invalid", mac="0" * 64),
        request("a request signed by another key", "key-unknown", key=signing("thief")),
        request("a request for another program's keys", "statement-invalid", node=HOST),
        challenge("a challenge"),
        challenge("a challenge by nobody", "key-unknown", key=signing("thief")),
        challenge("a challenge for another join", "join-invalid", join=build.OTHER_JOIN),
        Case(name="an answer", operation="verify_join_answer", given=answered),
        Case(
            name="an answer to something else",
            operation="verify_join_answer",
            given=answered | {"opened": b64u(bytes(32))},
            error="join-invalid",
        ),
        Case(name="a refusal", operation="verify_join_refusal", given=refused),
        Case(
            name="a refusal of another join",
            operation="verify_join_refusal",
            given=refused | {"join": build.OTHER_JOIN},
            error="join-invalid",
        ),
    ]


def summaries() -> list[Case]:
    """Summaries of availability and their order (07-summaries)."""

    def case(name: str, error: str | None = None, seen: Fields | None = None, **changes: object) -> Case:
        given: Fields = {
            "token": sign_summary(summary(**changes), SIGN).decode(),
            "keys": [jwk(SIGN.public.jwk)],
            "node": HOME,
            "now": AT,
        }
        return Case(name=name, operation="verify_summary", given=given | ({"seen": seen} if seen else {}), error=error)

    def position(seq: int, version: int = 1) -> Fields:
        return {"key_version": version, "seq": seq, "digest": "0" * 64}

    return [
        case("a summary"),
        case("a later one than seen", seen=position(MILLISECONDS - 1)),
        case(
            "newer keys outrank a lower number",
            seen=position(MILLISECONDS, 1),
            seq=0,
            keys=StatementRef(version=2, hash="0" * 64),
        ),
        case("of another program", "summary-invalid", iss=HOST),
        case("more than eight days", "summary-invalid", exp=AT + 8 * DAY + 1),
        case("signed in the future", "summary-invalid", iat=AT + 301),
        case("numbered a day ahead", "summary-future", seq=MILLISECONDS + DAY * 1_000 + 1),
        case("a lower number than seen", "summary-rollback", seen=position(MILLISECONDS + 1)),
        case("older keys than seen", "summary-rollback", seen=position(0, 2)),
        case("the seen number with another hash", "summary-fork", seen=position(MILLISECONDS)),
    ]


def needs() -> list[Case]:
    """Cards, offers and batches (09-board)."""
    card = board.card()
    context = f"needs/{board.BATCH}/{board.UPLOAD}".encode()

    def upload(name: str, content: bytes, error: str | None = None, **changes: Json) -> Case:
        made = sealed(pad(content, CARD_BYTES - OVERHEAD), to="board", label=SealLabel.BOARD, context=context)
        given: Fields = {
            "sealed": b64u(made),
            "kind": BoardKind.NEEDS.value,
            "batch": board.BATCH,
            "upload": board.UPLOAD,
            "private": b64u(board.BOARD.raw),
        }
        return Case(name=name, operation="open_upload", given=given | changes, error=error)

    def offer(name: str, error: str | None = None, private: bytes = opening("card").raw, **changes: object) -> Case:
        token = sign_offer(board.offer(**changes), SIGN)
        made = sealed(pad(token, 3_999), to="card", label=SealLabel.OFFER, context=bytes.fromhex(card.card_id))
        given: Fields = {
            "sealed": b64u(made),
            "card": card.card_id,
            "private": b64u(private),
            "keys": [jwk(SIGN.public.jwk)],
            "host": HOST,
        }
        return Case(name=name, operation="open_offer", given=given, error=error)

    def batch(name: str, document: Batch, error: str | None = None) -> Case:
        given: Fields = {
            "token": sign_batch(document, board.BOARD_SIGN).decode(),
            "keys": [jwk(board.BOARD_SIGN.public.jwk)],
            "kind": BoardKind.NEEDS.value,
            "batch": board.BATCH,
        }
        return Case(name=name, operation="verify_batch", given=given, error=error)

    attested: Fields = {
        "token": sign_attestation(board.attestation(), SIGN).decode(),
        "keys": [jwk(SIGN.public.jwk)],
        "node": HOME,
        "quarter": "2026-Q1",
        "now": AT,
    }
    return [
        upload("a card", NeedUpload(card=card).encode()),
        upload("a closing", NeedUpload(closing=Closing(secret=board.SECRET)).encode()),
        upload("neither card nor closing", b"{}", "field-invalid"),
        upload(
            "a card with a critical field of tomorrow",
            NeedUpload(card=board.card(crit=("place",))).encode(),
            "critical-field-unknown",
        ),
        upload(
            "a card with a key that signs", NeedUpload(card=board.card(key=SIGN.public.jwk)).encode(), "key-malformed"
        ),
        upload("an upload of another batch", b"", "seal-unopenable", batch="2026-W11"),
        upload("an upload of another size", b"", "board-invalid", sealed=b64u(bytes(CARD_BYTES - 1))),
        offer("an offer"),
        offer("an offer for another card's key", "seal-unopenable", private=seed("x")),
        offer("an offer by another host", "board-invalid", iss=HOME),
        offer("an offer for another card", "board-invalid", card="0" * 64),
        batch("a batch of cards", board.batch()),
        batch("a batch out of order", board.batch(cards=tuple(reversed(board.batch().cards))), "board-invalid"),
        batch("a batch of another week", board.batch(batch="2026-W11"), "board-invalid"),
        Case(name="an attestation", operation="verify_attestation", given=attested),
        Case(
            name="an attestation of another quarter",
            operation="verify_attestation",
            given=attested | {"quarter": "2026-Q2"},
            error="board-invalid",
        ),
    ]
