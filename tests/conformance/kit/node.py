"""What any node must do, seen from the exchange it joined: each check names the paragraph it holds to.

It knows nothing of the node but what comes over HTTP. The specification is docs/protocol; the federation is `stage`'s.
"""

import os
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

from protocol import jws
from protocol.bodies import Kind, LanguageLevel, RequestOpen, ThreadResync, Tombstone
from protocol.documents import to_moment
from protocol.errors import ProtocolError
from protocol.ids import NodeId, sha256_hex
from protocol.joining import check_mac, make_challenge, verify_answer, verify_request
from protocol.keys import SigningKey, VerifyingKey
from protocol.receipts import ReceiptOutcome
from protocol.statements import check_succession, verify_statement
from protocol.thread.chains import EquivocationError, IllegalTransitionError
from protocol.vocabulary import Mode, Topic
from tests.conformance.kit.pen import Pen
from tests.conformance.kit.rules import Rules, ViolationError, holds
from tests.conformance.kit.stage import Stage, Twist, honest
from tests.support.simulated_exchange import Held
from tests.support.site import Answer, Asked, serving

CHECKS = Rules[Callable[[Stage], None]]()
rule = CHECKS.rule
NEED = RequestOpen(
    occupation="21331",
    topics=(Topic.LICENSING,),
    languages=(LanguageLevel(language="en", clb=6),),
    mode=Mode.ONLINE,
    hours=4,
    time_zone="America/Edmonton",
)
_RETRY = 60
_MAILBOX = "/v1/mailbox"


def run(stage: Stage, checks: Mapping[str, Callable[[Stage], None]] = CHECKS) -> dict[str, str]:
    """Every check in order; what it found, empty where the rule holds. Without admission there is nothing to ask."""
    found: dict[str, str] = {}
    for name, check in checks.items():
        stage.twist = honest
        try:
            check(stage)
            found[name] = ""
        except ViolationError as violation:
            found[name] = str(violation)
        except (ProtocolError, KeyError, TypeError, ValueError) as error:
            found[name] = f"does not hold: {getattr(error, 'code', type(error).__name__)}"
        if not stage.node:
            break
    return found


@rule("6.5")
def it_joins_by_a_code_and_is_admitted(stage: Stage) -> None:
    stage.operator(f"join with this code: {stage.code}")
    stage.until(lambda: stage.exchange.joins.get(stage.join), "nobody asked to join")
    held, now = stage.exchange.joins[stage.join], stage.clock.now()
    request, statement = verify_request(str(held["request"]).encode(), now)
    check_mac(request, statement, stage.secret)
    opened, identity = os.urandom(32), VerifyingKey.from_jwk(request.identity)
    admissions = stage.stewards.admissions[0]
    challenge = make_challenge(
        stage.join, opened, to=statement.sealing[0], admissions=admissions, now=to_moment(now)
    ).decode()
    held.update({"state": "challenged", "challenge": challenge})
    stage.until(lambda: held["answer"], "the challenge is not answered")
    verify_answer(str(held["answer"]).encode(), join=stage.join, identity=identity, opened=opened)
    stage.stewards.now = stage.clock.now()
    stage.stewards.admit(NodeId(request.node), identity, request.name)
    stage.stewards.publish()
    stage.node = NodeId(request.node)


@rule("2.2")
def its_first_keys_are_published(stage: Stage) -> None:
    stage.until(lambda: stage.statements, "no key statement was published")
    first = stage.statements[min(stage.statements)]
    verify_statement(first, node=stage.node, identity=_identity(stage), now=stage.clock.now())
    stage.rounds()


@rule("5.7")
def a_letter_is_answered_with_a_receipt(stage: Stage) -> None:
    pen = Pen(stage)
    held = pen.send(Kind.REQUEST_OPEN, NEED)
    _receipted(pen, held, None)
    (receipt,) = pen.receipts(held)
    holds(receipt.envelope == sha256_hex(held.data), "the receipt names another envelope")


@rule("5.1.1")
def a_letter_that_comes_again_gets_its_first_receipt_and_no_second_effect(stage: Stage) -> None:
    pen = Pen(stage)
    held = pen.send(Kind.THREAD_RESYNC, ThreadResync(n=0, hash=None), n=0, prev=None)
    _receipted(pen, held, None)
    stage.until(pen.resynced, "thread.resync is not answered")
    pen.hand_over(held.id, held.data)
    stage.rounds(2)
    holds(len({receipt.token for receipt in pen.receipts(held)}) == 1, "it got another receipt")
    holds(len(pen.resynced()) == 1, "it had its effect twice")


@rule("5.1.5")
def what_cannot_be_traced_to_its_author_gets_no_receipt(stage: Stage) -> None:
    pen = Pen(stage)
    stranger = pen.slip(pen.inner(Kind.REQUEST_OPEN, NEED, key=SigningKey.generate()))
    other_kind = pen.slip(pen.inner(Kind.REQUEST_OPEN, NEED, typ=jws.Typ.SUMMARY), typ=jws.Typ.SUMMARY)
    unopenable = pen.slip(pen.inner(Kind.REQUEST_OPEN, NEED), unopenable=True)
    passed_on = pen.slip(pen.inner(Kind.REQUEST_OPEN, NEED, to=stage.peer.node))
    rubbish = pen.hand_over(stage.peer.message_id(), b"MW1\0" + os.urandom(1_020))
    slipped = {"signed by a stranger": stranger, "of another typ": other_kind, "that cannot be opened": unopenable}
    slipped |= {"for another member": passed_on, "that is none": rubbish}
    stage.until(lambda: all(held.acknowledged for held in slipped.values()), "it keeps asking for what it cannot read")
    for name, held in slipped.items():
        holds(not pen.receipts(held), f"a letter {name} got a receipt")


@rule("5.1.4")
def a_letter_past_its_date_is_refused_with_a_receipt(stage: Stage) -> None:
    pen, old = Pen(stage), to_moment(stage.clock.now() - timedelta(days=10))
    held = pen.send(Kind.REQUEST_OPEN, NEED, iat=old, exp=old + 86_400)
    _receipted(pen, held, "message-stale")


@rule("5.4.1")
def a_move_that_the_table_forbids_is_refused(stage: Stage) -> None:
    pen = Pen(stage)
    held = pen.send(Kind.MATCH_CLOSED, Tombstone())
    _receipted(pen, held, IllegalTransitionError.code)


@rule("5.5")
def the_same_place_signed_twice_is_refused(stage: Stage) -> None:
    pen = Pen(stage)
    _receipted(pen, pen.send(Kind.REQUEST_OPEN, NEED), None)
    again = pen.slip(pen.inner(Kind.REQUEST_OPEN, NEED, n=1, prev=None))
    _receipted(pen, again, EquivocationError.code)


@rule("5.6")
def a_gap_is_receipted_and_asked_for(stage: Stage) -> None:
    pen = Pen(stage)
    pen.inners.append(pen.inner(Kind.REQUEST_OPEN, NEED))
    held = pen.send(Kind.REQUEST_WITHDRAW, Tombstone())
    _receipted(pen, held, None)
    stage.until(
        lambda: any(isinstance(letter.body, ThreadResync) for letter in pen.letters()),
        "what is missing is not asked for",
    )
    _receipted(pen, pen.slip(pen.inners[0]), None)


@rule("8.3.2")
def a_letter_is_sent_again_as_it_was_and_not_before_it_was_asked_to(stage: Stage) -> None:
    for status, headers in ((500, dict[str, str]()), (429, {"retry-after": str(_RETRY)})):
        before = stage.count("PUT", _MAILBOX)
        stage.twist = _first(_MAILBOX, Answer(status, b"{}", headers))
        stage.until(_asking(stage).resynced, f"after {status} it is not sent again")
        puts = stage.requests("PUT", _MAILBOX)[before:]
        tries = [put for put in puts if put.asked.path == puts[0].asked.path]
        holds(len({put.asked.body for put in tries}) == 1, f"after {status} other bytes are sent under its id")
    waited = tries[1].at - tries[0].at
    holds(waited >= timedelta(seconds=_RETRY), f"Retry-After said {_RETRY} s, it came after {waited.seconds}")


@rule("8.2")
def nothing_is_sent_while_the_exchange_denies(stage: Stage) -> None:
    pen, denial = _asking(stage), Answer(403, b'{"code": "member-inactive"}')
    stage.twist = _from_the_first_letter_on(denial)
    before, reads = stage.count("PUT", _MAILBOX), stage.count("GET", _MAILBOX)
    stage.until(lambda: stage.count("GET", _MAILBOX) >= reads + 4, "it does not ask any more whether it may read")
    holds(stage.count("PUT", _MAILBOX) <= before + 1, "it goes on sending")
    stage.twist = honest
    stage.until(pen.resynced, "it sends nothing once it may again")


@rule("8.1.5")
def no_redirect_is_followed(stage: Stage) -> None:
    visits: list[str] = []

    def elsewhere(asked: Asked) -> Answer:
        visits.append(asked.path)
        return Answer(200, b"{}")

    with serving(elsewhere) as trap:
        reads = stage.count("GET", _MAILBOX)
        for status in (302, 307, 308):
            away, seen = Answer(status, headers={"location": f"{trap.url}/elsewhere"}), len(stage.heard)
            stage.twist = partial(_always, away)
            stage.until(partial(_has_asked, stage, seen), "it asks nothing any more")
    stage.twist = honest
    holds(not visits, "it went where a redirect led")
    stage.until(lambda: stage.count("GET", _MAILBOX) > reads, "it does not come back")


@rule("2.3")
def new_keys_are_published_and_used_a_day_later(stage: Stage) -> None:
    last = max(stage.statements)
    stage.operator("make new keys (our node: mentorweave keys rotate)")
    stage.until(lambda: max(stage.statements) > last, "no newer key statement was published")
    now, identity = stage.clock.now(), _identity(stage)
    older = verify_statement(stage.statements[last], node=stage.node, identity=identity, now=now)
    newer = verify_statement(stage.statements[last + 1], node=stage.node, identity=identity, now=now)
    check_succession(older.ref, newer)
    before = len(stage.heard)
    stage.rounds()
    used = {heard.hop.key_id for heard in stage.heard[before:] if heard.hop is not None}
    holds(not used - older.keys.keys() - {identity.key_id}, "new keys are used before others can have them")


@rule("8.1.1")
def every_request_was_signed(stage: Stage) -> None:
    wrong = [heard for heard in stage.heard if heard.wrong]
    holds(not wrong, ", ".join(sorted({f"{heard.asked.method} {heard.wrong}" for heard in wrong})))


@rule("8.1.3")
def no_nonce_came_twice(stage: Stage) -> None:
    nonces = [(heard.hop.key_id, heard.hop.nonce) for heard in stage.heard if heard.hop is not None]
    holds(len(set(nonces)) == len(nonces), "a nonce was used again")


def _identity(stage: Stage) -> VerifyingKey:
    (member,) = (member for member in stage.stewards.members if member.id == stage.node)
    return VerifyingKey.from_jwk(member.identity)


def _receipted(pen: Pen, held: Held, error: str | None) -> None:
    pen.stage.until(lambda: pen.receipts(held) or pen.discarded(held), "no receipt came")
    holds(pen.receipts(held), "it was discarded instead of receipted")
    receipt = pen.receipts(held)[0]
    holds(receipt.error == error, f"the receipt says {receipt.error or ReceiptOutcome.STORED.value}")


def _asking(stage: Stage) -> Pen:
    """A question that the node has to answer with a letter, without its operator."""
    pen = Pen(stage)
    pen.send(Kind.THREAD_RESYNC, ThreadResync(n=0, hash=None), n=0, prev=None)
    return pen


def _always(answer: Answer, _asked: Asked, _honestly: Callable[[], Answer]) -> Answer:
    return answer


def _has_asked(stage: Stage, more_than: int) -> bool:
    return len(stage.heard) > more_than


def _first(path: str, answer: Answer) -> Twist:
    """Answer the first letter that is sent in this way, and everything else honestly."""
    left = [answer]

    def twist(asked: Asked, honestly: Callable[[], Answer]) -> Answer:
        return left.pop() if left and asked.method == "PUT" and asked.path.startswith(path) else honestly()

    return twist


def _from_the_first_letter_on(denial: Answer) -> Twist:
    """Deny everything from the first letter on that is sent."""
    denied = [False]

    def twist(asked: Asked, honestly: Callable[[], Answer]) -> Answer:
        denied[0] = denied[0] or (asked.method == "PUT" and asked.path.startswith(_MAILBOX))
        return denial if denied[0] and asked.path.startswith("/v1/") else honestly()

    return twist
