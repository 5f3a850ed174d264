"""An exchange that lies over real HTTP: nobody changes state wrongly, each says what is wrong, and all goes on after.

Every case holds the same story: home writes to host while the exchange misbehaves, then it behaves again.
"""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count, repeat
from pathlib import Path

import pytest

from federation.ground.engine import transaction
from federation.membership import rounds
from federation.membership.relay import RelayError
from federation.membership.roster import Tier
from federation.membership.summaries import SummaryDraft
from protocol.bodies import Kind
from protocol.documents import to_moment
from protocol.errors import ProtocolError
from protocol.ids import sha256_hex, uuid7
from protocol.keys import SigningKey
from protocol.needs import Batch, BoardKind, sign_batch
from protocol.receipts import Receipt, ReceiptOutcome, read_receipt, sign_receipt
from protocol.summaries import Bracket, claimed_summary, sign_summary
from protocol.vocabulary import SizeBracket
from tests.conformance.hostile.conftest import LARGEST, Front, Twist, honest
from tests.support.federation import PROFILE, make_program
from tests.support.roster import Stewards
from tests.support.simulated_exchange import Held
from tests.support.site import Answer, Asked, serving

Honest = Callable[[], Answer]
SUMMARY = SummaryDraft(
    quarter="2027-Q1", policy="standard", counts=Bracket(size=SizeBracket.UNDER_25), listings=(), cards_posted=0
)


def always(answer: Answer) -> Twist:
    return lambda _asked, _said: answer


def on(path: str, answer: Callable[[Asked, Answer], Answer], method: str = "GET") -> Twist:
    """Bends what is answered under a path, and nothing else."""

    def twist(asked: Asked, honestly: Honest) -> Answer:
        said = honestly()
        return answer(asked, said) if asked.path.startswith(path) and asked.method == method else said

    return twist


def cut(_asked: Asked, said: Answer) -> Answer:
    half = said.body[: len(said.body) // 2]
    return Answer(said.status, headers={"content-length": str(len(said.body) + 1)}, chunks=lambda: iter([half]))


def drip(_asked: Asked, said: Answer) -> Answer:
    return Answer(said.status, headers={"content-length": str(10**9)}, chunks=lambda: repeat(b" " * 64))


def with_page(change: Callable[[dict[str, object]], object]) -> Callable[[Asked, Answer], Answer]:
    def answer(_asked: Asked, said: Answer) -> Answer:
        page = json.loads(said.body)
        change(page)
        return replace(said, body=json.dumps(page).encode())

    return answer


def doubled(page: dict[str, object]) -> None:
    assert isinstance(page["items"], list)
    page["items"] = page["items"] * 2


def backwards(page: dict[str, object]) -> None:
    assert isinstance(page["items"], list)
    page["items"].reverse()


def endless(page: dict[str, object]) -> None:
    page["more"] = True


def body(content: bytes, **headers: str) -> Callable[[Asked, Answer], Answer]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _asked, _said: Answer(200, content, named)


SILENT: dict[str, Twist] = {
    "broken": always(Answer(500)),
    "broken-mailbox": on("/v1/mailbox", lambda *_: Answer(503)),
    "oversized": on("/v1/mailbox", body(b" " * (LARGEST + 1))),
    "compressed": on("/v1/mailbox", body(b"\x1f\x8b" + b"\0" * 1_000, content_encoding="gzip")),
    "truncated": on("/v1/mailbox", cut),
    "slow": on("/v1/mailbox", drip),
    "duplicate-keys": on("/v1/mailbox", body(b'{"items": [], "more": false, "more": true}')),
    "deep": on("/v1/mailbox", body(b'{"items": ' + b"[" * 20_000)),
    "huge-number": on("/v1/mailbox", body(b'{"items": [], "more": 1e999}')),
    "no-json": on("/v1/mailbox", body(b"<html>not here</html>", content_type="text/html")),
    "other-shape": on("/v1/mailbox", body(b'{"items": {"a": 1}, "more": []}')),
    "rubbish-items": on("/v1/mailbox", body(b'{"items": [{"cursor": -1, "kind": "spell", "id": ""}], "more": false}')),
}
"""Answers that are none: the letter waits, the round says that the exchange was not reached."""


@pytest.mark.parametrize("case", SILENT)
def test_an_answer_that_is_none_changes_nothing_and_is_said(front: Front, case: str) -> None:
    thread = front.home.open(front.host)
    before = front.home.view(thread)
    front.twist = SILENT[case]

    reports = [front.home.sync(), front.host.sync()]

    assert [report.reached for report in reports] == [False, False]
    assert front.home.view(thread) == before
    assert front.host.effects.events == []
    front.twist = honest
    front.home.sync()
    front.host.sync()
    assert front.host.effects.kinds == [Kind.REQUEST_OPEN]


LOUD: dict[str, tuple[Twist, str]] = {
    "denied": (always(Answer(403, b'{"code": "member-inactive"}')), "link-denied"),
    "unauthorized": (on("/v1", lambda *_: Answer(401, b"{}")), "link-denied"),
    "refused": (on("/v1/mailbox", lambda *_: Answer(418, b'{"code": "teapot"}')), "exchange-refused"),
    "cut-roster": (on("/roster/timestamp.json", body(b'{"signatures": []')), "roster-refused"),
    "hostile-words": (on("/v1/mailbox", lambda *_: Answer(400, b'{"code": "<script>x</script>"}')), "exchange-refused"),
}
"""Answers that a person must know of."""


@pytest.mark.parametrize("case", LOUD)
def test_a_refusal_is_told_and_nothing_is_lost(front: Front, case: str) -> None:
    thread = front.home.open(front.host)
    front.twist, alert = LOUD[case]

    front.home.sync()

    assert alert in front.home.alerts()
    assert "script" not in str(front.home.sync().alerts)
    front.calm()
    assert front.host.view(thread).state == front.home.view(thread).state


BENT: dict[str, Twist] = {
    "duplicated": on("/v1/mailbox", with_page(doubled)),
    "reordered": on("/v1/mailbox", with_page(backwards)),
    "endless": on("/v1/mailbox", with_page(endless)),
    "acknowledgements-ignored": lambda asked, answer: (
        Answer(200, b'{"acknowledged": [], "unknown": []}') if asked.path == "/v1/mailbox/ack" else answer()
    ),
    "another-content-type": lambda _asked, answer: replace(answer(), headers={"content-type": "text/html"}),
}
"""Answers that are true, in another form than they should be."""


@pytest.mark.parametrize("case", BENT)
def test_a_letter_has_its_effect_once_however_it_is_handed_over(front: Front, case: str) -> None:
    front.home.open(front.host)
    front.home.open(front.host)
    front.twist = BENT[case]

    for _ in range(3):
        front.home.sync()
        front.host.sync()

    assert front.host.effects.kinds == [Kind.REQUEST_OPEN, Kind.REQUEST_OPEN]


def test_nobody_is_led_to_another_host(front: Front) -> None:
    visits: list[str] = []

    def elsewhere(asked: Asked) -> Answer:
        visits.append(asked.path)
        return Answer(200, b"{}")

    with serving(elsewhere) as trap:
        for status in (301, 302, 303, 307, 308):
            front.twist = always(Answer(status, headers={"location": f"{trap.url}/secret"}))
            front.home.sync()

    assert visits == []
    assert "exchange-refused" in front.home.alerts()


def test_an_older_roster_is_refused(front: Front) -> None:
    old = front.federation.stewards.copy_of_files()
    front.federation.renew()
    front.home.sync()
    versions = front.home.member.roster().seen
    front.federation.exchange.roster_files = old

    front.home.sync()
    front.federation.exchange.roster_files = None

    assert "roster-refused" in front.home.alerts()
    assert front.home.member.roster().seen == versions


def test_members_of_another_federation_are_nobody_here(front: Front) -> None:
    forgers = Stewards(front.federation.clock.now(), url=front.site.url)
    for _ in range(20):
        forgers.publish()
    front.federation.exchange.roster_files = forgers.files
    members = front.home.member.roster().members

    front.home.sync()
    front.federation.exchange.roster_files = None

    assert "roster-refused" in front.home.alerts()
    assert front.home.member.roster().members == members


def test_a_frozen_roster_grows_old(front: Front) -> None:
    front.federation.exchange.roster_files = front.federation.stewards.copy_of_files()
    front.federation.wait(timedelta(days=3))
    report = front.home.sync()
    front.federation.exchange.roster_files = None

    assert report.tier is not Tier.FRESH
    assert "roster-refused" in front.home.alerts()


def test_keys_of_another_program_are_not_believed(front: Front) -> None:
    front.federation.program("third")
    front.home.sync()
    swapped = front.federation.exchange.statements[front.host.node, 1]
    front.twist = on(f"/v1/keys/{front.federation.programs[-1].node}", body(swapped))
    front.home.open(front.federation.programs[-1])

    front.home.sync()

    assert "statement-refused" in front.home.alerts()


def receipt(front: Front, message: str, envelope: bytes, key: SigningKey | None = None) -> bytes:
    """What host would sign, by its own key or by another."""
    now = front.federation.clock.now()
    with transaction(front.host.engine) as connection:
        statement = front.host.member.identity.statement(connection, now)
        own = front.host.member.identity.signing_key(connection, now)
    claims = Receipt(
        iss=front.host.node,
        to=front.home.node,
        jti=uuid7(now, os.urandom(10)),
        message=message,
        envelope=sha256_hex(envelope),
        outcome=ReceiptOutcome.STORED,
        iat=to_moment(now),
        keys=statement.ref,
    )
    return sign_receipt(claims, key or own)


def slip_receipt(front: Front, token: bytes) -> Held:
    return front.federation.exchange.put_item(
        front.home.node, kind="receipt", name=read_receipt(token).jti, sender=front.host.node, data=token
    )


def test_a_receipt_that_nobody_signed_proves_nothing(front: Front) -> None:
    thread = front.home.open(front.host)
    front.home.sync()
    before, (letter,) = front.home.view(thread), front.home.outbox()
    envelope = front.federation.exchange.envelopes(front.host.node)[-1].data

    item = slip_receipt(front, receipt(front, letter, envelope, SigningKey.generate()))
    front.home.sync()

    assert "receipt-invalid" in front.home.alerts()
    assert item.acknowledged
    assert front.home.outbox() == {letter: "accepted"}
    assert front.home.view(thread) == before


def test_a_valid_receipt_for_a_letter_we_never_wrote_delivers_nothing_and_is_said(front: Front) -> None:
    thread = front.home.open(front.host)
    front.home.sync()
    before, outbox = front.home.view(thread), front.home.outbox()

    item = slip_receipt(front, receipt(front, uuid7(front.federation.clock.now(), os.urandom(10)), b"never written"))
    front.home.sync()

    assert "second-self" in front.home.alerts()
    assert item.acknowledged
    assert front.home.outbox() == outbox
    assert front.home.view(thread) == before


def test_two_summaries_under_one_number_are_told_apart(front: Front) -> None:
    exchange, host = front.federation.exchange, front.host
    with transaction(host.engine) as connection:
        host.member.publish_summary(connection, SUMMARY, host.clock.now())
    host.sync()
    front.home.sync()
    with transaction(host.engine) as connection:
        key = host.member.identity.signing_key(connection, host.clock.now())
    other = claimed_summary(exchange.summaries[host.node]).model_copy(update={"cards_posted": 7})
    exchange.summaries[host.node] = sign_summary(other, key)

    front.home.sync()

    assert "summary-refused" in front.home.alerts()
    with transaction(front.home.engine) as connection:
        (held,) = (each for each in front.home.member.summaries(connection, host.clock.now()) if each.node == host.node)
    assert held.summary is not None
    assert held.summary.cards_posted == 0
    del exchange.summaries[host.node]


def test_a_mailbox_whose_cursors_rise_for_ever_is_left(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "MOST_PAGES", 5)
    asked = count(1)

    def page(_asked: Asked, _said: Answer) -> Answer:
        number = next(asked)
        item = {"cursor": number, "kind": "envelope", "id": str(number), "from": front.host.node, "data": "TVcx"}
        return Answer(200, json.dumps({"items": [item], "more": True}).encode())

    front.twist = on("/v1/mailbox", page)

    assert front.home.sync().reached
    assert next(asked) == 6
    assert "letter-discarded" in front.home.alerts()
    assert front.home.effects.events == []


JOIN_LIES: dict[str, Answer] = {
    "admitted": Answer(200, b'{"state": "admitted", "request": "", "challenge": null, "answer": null}'),
    "challenged-by-nobody": Answer(
        200, b'{"state": "challenged", "request": "", "challenge": "a.b.c", "answer": null}'
    ),
    "another-shape": Answer(200, b'{"state": ["admitted"]}'),
    "nothing": Answer(200, b""),
    "refused-to-look": Answer(403, b'{"code": "member-inactive"}'),
}


@pytest.mark.parametrize("lie", JOIN_LIES)
def test_no_lie_about_joining_makes_a_member(front: Front, tmp_path: Path, lie: str) -> None:
    federation = front.federation
    newcomer = make_program(tmp_path, "newcomer", federation.clock, federation.exchange.connect)
    front.twist = on("/v1/join/", lambda _asked, _said: JOIN_LIES[lie])

    with suppress(RelayError, ProtocolError):  # what is wrong has a name, and the next try is another one
        newcomer.member.join(federation.code(), PROFILE)
    assert not newcomer.sync().joined

    front.twist = honest
    assert not newcomer.sync().joined
    assert (newcomer.node, 1) not in federation.exchange.statements


def test_a_board_nobody_signed_is_refused(front: Front) -> None:
    moment = to_moment(front.federation.clock.now())
    batch = Batch(batch="2026-W01", kind=BoardKind.NEEDS, released_at=moment, previous=None)
    token = sign_batch(batch, SigningKey.generate())
    front.federation.exchange.batches["2026-W01"] = token

    front.home.sync()
    front.federation.exchange.batches.clear()

    assert "board-refused" in front.home.alerts()
    assert front.home.member.roster().seen.batch != sha256_hex(token)
