"""What the exchange's verbs are promised at their ports, kept by the SQL stores on both databases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine

from federation.exchange.adapters.sql.directory import SqlDirectory
from federation.exchange.adapters.sql.work import reading_work, writing_work
from federation.exchange.adapters.tuf import OnlineSigners, TufKeeper
from federation.exchange.adapters.tuf_files import admissions_keys, online_signer
from federation.exchange.adapters.wakeups import make_wakeups
from federation.exchange.domain.board import OpenBatch, PostedCard
from federation.exchange.domain.errors import MailboxFullError, QuotaError, TakenError, UnfoundedError
from federation.exchange.domain.join import Joining
from federation.exchange.domain.mailbox import ItemKind, NewItem
from federation.exchange.domain.publication import Bundle
from federation.exchange.domain.quota import DailyLimits, MailboxLimits, Spending
from federation.exchange.domain.summary import StoredSummary
from federation.exchange.founding import ExchangePublic
from federation.exchange.services.ports.work import Area, UnitOfWork, Wakeups, Work
from federation.ground.engine import make_engine
from protocol.hop import HopReplayError
from protocol.ids import JoinId, KeyId, NodeId, sha256_hex
from protocol.keys import OpeningKey, SigningKey
from protocol.needs import BoardKind
from protocol.roster import MEMBERS, POLICY, SUSPENSIONS, BoardKeys
from protocol.statements import verify_statement
from protocol.summaries import Position
from tests.support.clock import NOON, FakeClock
from tests.support.exchange import Peer, Stewards

if TYPE_CHECKING:
    from federation.exchange.services.ports.board import Board
    from federation.exchange.services.ports.mailbox import Counters, Mailboxes, Nonces
    from federation.exchange.services.ports.members import (
        Attestations,
        Directory,
        Joinings,
        RosterFiles,
        RosterKeeper,
        Statements,
        Summaries,
    )

NODE, OTHER = NodeId("a" * 16), NodeId("b" * 16)
ROOMY = DailyLimits(messages=2, bytes=100, first_contacts=2)


@pytest.fixture
def engine(exchange_url: str) -> Iterator[Engine]:
    made = make_engine(exchange_url)
    yield made
    made.dispose()


@pytest.fixture
def work(engine: Engine) -> UnitOfWork:
    return writing_work(engine, lambda: None)


def item(name: str, *, body: bytes = b"sealed", hours: int = 1) -> NewItem:
    return NewItem(
        to=NODE,
        id=name,
        kind=ItemKind.ENVELOPE,
        sender=OTHER,
        digest=sha256_hex(body),
        body=body,
        accepted_at=NOON,
        expires_at=NOON + timedelta(hours=hours),
    )


def test_a_work_that_fails_leaves_nothing(work: UnitOfWork) -> None:
    def fail(found: Work) -> None:
        found.nonces.remember("key", "nonce", NOON)
        raise LookupError

    with pytest.raises(LookupError), work() as found:
        fail(found)

    with work() as found:
        found.nonces.remember("key", "nonce", NOON)


def test_a_changed_area_is_announced_once_its_work_is_done(engine: Engine) -> None:
    announced: list[str] = []
    write = writing_work(engine, lambda: announced.append("changed"))

    with write() as found:
        found.lock(Area.KEYS)
        assert announced == []
    with write() as found:
        found.nonces.remember("key", "nonce", NOON)

    assert announced == ["changed"]


def test_nonces_are_remembered_until_their_end(work: UnitOfWork) -> None:
    with work() as found:
        nonces: Nonces = found.nonces
        nonces.remember("key", "nonce", NOON)
        nonces.remember("another", "nonce", NOON)
        nonces.forget(NOON)
        with pytest.raises(HopReplayError):
            nonces.remember("key", "nonce", NOON)
        nonces.forget(NOON + timedelta(seconds=1))
        nonces.remember("key", "nonce", NOON)


def test_mailboxes_number_their_items_without_a_gap(work: UnitOfWork) -> None:
    with work() as found:
        mailboxes: Mailboxes = found.mailboxes
        assert mailboxes.put(item("one"), None) is None
        again = mailboxes.put(item("one"), None)
        assert mailboxes.put(item("two"), None) is None
        page = mailboxes.page(NODE, after=None, limit=5)

    assert again is not None
    assert [entry.cursor for entry in page.items] == [1, 2]


def test_mailboxes_take_several_items_or_none_of_them(work: UnitOfWork) -> None:
    limits = MailboxLimits(items=3, bytes=100)
    with work() as found:
        found.mailboxes.put_all([item("one"), item("two")], limits)
    for several, refusal in (
        ([item("three"), item("two")], TakenError),
        ([item("three"), item("four")], MailboxFullError),
    ):
        with pytest.raises(refusal), work() as found:
            found.mailboxes.put_all(several, limits)

    with work() as found:
        found.mailboxes.put_all([item("three")], limits)
        page = found.mailboxes.page(NODE, after=None, limit=5)

    assert [(entry.cursor, entry.id) for entry in page.items] == [(1, "one"), (2, "two"), (3, "three")]


def test_mailboxes_take_items_for_several_members_each_in_its_order(work: UnitOfWork) -> None:
    limits = MailboxLimits(items=2, bytes=100)
    others = [replace(item(name), to=OTHER) for name in ("a", "b")]
    with work() as found:
        stored = found.mailboxes.put_all([others[0], item("one"), others[1]], limits)
        assert found.mailboxes.put_all([], limits) == {}
    with pytest.raises(MailboxFullError), work() as found:
        found.mailboxes.put_all([item("two"), replace(item("c"), to=OTHER)], limits)

    with work() as found:
        pages = [found.mailboxes.page(node, after=None, limit=5) for node in (NODE, OTHER)]

    assert [tuple(stored[node]) for node in (NODE, OTHER)] == [page.items for page in pages]
    assert [[(entry.cursor, entry.id) for entry in page.items] for page in pages] == [
        [(1, "one")],
        [(1, "a"), (2, "b")],
    ]


def test_mailboxes_count_what_waits_and_forget_what_expired(work: UnitOfWork) -> None:
    limits = MailboxLimits(items=1, bytes=100)
    with work() as found:
        found.mailboxes.put(item("one"), limits)
    with pytest.raises(MailboxFullError), work() as found:
        found.mailboxes.put(item("two"), limits)

    with work() as found:
        held = found.mailboxes.held(NODE, ["one", "two"])
        found.mailboxes.acknowledge(NODE, held, NOON)
        found.mailboxes.acknowledge(NODE, held, NOON)
        found.mailboxes.put(item("two"), limits)
        removed = [found.mailboxes.expire(NOON + timedelta(hours=1), limit=1) for _ in range(3)]

    assert [entry.id for entry in held] == ["one"]
    assert removed == [1, 1, 0]


def test_counters_add_up_within_a_day(work: UnitOfWork) -> None:
    with work() as found:
        counters: Counters = found.counters
        meetings = [
            counters.meet(NODE, OTHER, NOON),
            counters.meet(OTHER, NODE, NOON),
            counters.meet(NODE, OTHER, NOON),
        ]
        counters.spend({NODE: Spending(messages=2)}, {NODE: ROOMY}, NOON)
        counters.spend({NODE: Spending(messages=2)}, {NODE: ROOMY}, NOON + timedelta(days=1))
    with pytest.raises(QuotaError), work() as found:
        found.counters.spend({NODE: Spending(messages=1)}, {NODE: ROOMY}, NOON)
    with work() as found:
        found.counters.forget(NOON + timedelta(days=1))
        found.counters.spend({NODE: Spending(messages=2)}, {NODE: ROOMY}, NOON)

    assert meetings == [True, False, False]


def test_counters_of_several_members_are_added_to_together_or_not_at_all(work: UnitOfWork) -> None:
    limits = {NODE: ROOMY, OTHER: ROOMY}
    with pytest.raises(QuotaError), work() as found:
        found.counters.spend({NODE: Spending(messages=1), OTHER: Spending(messages=3)}, limits, NOON)
    with work() as found:
        found.counters.spend({NODE: Spending(messages=2), OTHER: Spending(messages=2)}, limits, NOON)
    for node in limits:
        with pytest.raises(QuotaError), work() as found:
            found.counters.spend({node: Spending(messages=1)}, limits, NOON)


def test_statements_are_kept_by_version_and_their_keys_by_owner(work: UnitOfWork) -> None:
    peer = Peer(clock=FakeClock())
    statement = verify_statement(peer.statement(), node=peer.node, identity=peer.identity.public, now=NOON)
    with work() as found:
        statements: Statements = found.statements
        assert statements.newest(peer.node) is None
        statements.add(statement, peer.identity.key_id, NOON)

        assert statements.newest(peer.node) == (1, statement.digest)
        assert statements.token(peer.node) == statements.token(peer.node, 1) == statement.token
        assert statements.token(peer.node, 2) is None
        assert statements.owners([peer.signing.key_id, KeyId("k" * 43)]) == {peer.node}


def test_joinings_are_replaced_step_by_step(work: UnitOfWork) -> None:
    joining = Joining(
        id=JoinId("j"), node=NODE, identity=KeyId("k"), identity_raw=b"raw", request=b"request", asked_at=NOON
    )
    with work() as found:
        joinings: Joinings = found.joinings
        joinings.save(joining)
        joinings.save(joining.challenged(b"challenge"))
        assert joinings.get(joining.id) == joining.challenged(b"challenge")
        assert joinings.waiting() == 1
        joinings.expire(NOON + timedelta(seconds=1))
        assert joinings.get(joining.id) is None


def test_summaries_and_attestations_show_the_newest(work: UnitOfWork) -> None:
    old, new = (
        StoredSummary(node=NODE, digest=sha256_hex(token), position=Position(1, seq), expires_at=NOON)
        for seq, token in ((1, b"old"), (2, b"new"))
    )
    with work() as found:
        summaries: Summaries = found.summaries
        summaries.add(old, b"old")
        summaries.add(new, b"new")
        assert summaries.newest(NODE) == new
        assert summaries.index(NOON - timedelta(seconds=1)) == [new]
        assert summaries.index(NOON) == []
        summaries.expire(NOON)
        assert (summaries.token(NODE, old.digest), summaries.token(NODE, new.digest)) == (None, b"new")

        attestations: Attestations = found.attestations
        attestations.put(NODE, "2027-Q1", 3, 1)
        attestations.put(NODE, "2027-Q1", 4, 2)
        assert attestations.get(NODE, "2027-Q1") == (4, 2)
        assert attestations.get(NODE, "2027-Q2") is None
        attestations.put(NODE, "2026-Q4", 1, 1)
        attestations.forget("2027-Q1")
        assert (attestations.get(NODE, "2026-Q4"), attestations.get(NODE, "2027-Q1")) == (None, (4, 2))


def test_the_board_carries_over_what_one_batch_cannot_hold(work: UnitOfWork) -> None:
    def card(number: int) -> PostedCard:
        name = sha256_hex(str(number).encode())
        return PostedCard(card_id=name, pseudonym="p", code="21300", close=name, card=name.encode(), number=1)

    cards = sorted((card(number) for number in range(3)), key=lambda one: one.card_id)
    batch = OpenBatch(batch="2027-W09", number=1, opened_at=NOON)
    with work() as found:
        board: Board = found.board
        assert [board.post(one) for one in [*cards, cards[0]]] == [True, True, True, False]
        assert (board.code_count("p", "21300"), board.codes("p"), board.open_cards("p", 1)) == (3, 1, 3)
        first, second = board.take_cards(1, 2), board.take_cards(2, 2)
        for one in cards:
            board.close(one.close)
        closed = [*board.take_closed(3, 2), *board.take_closed(4, 2)]
        for offer in ("x", "y", "z"):
            board.offer(offer)
        offers = [*board.take_offers(2), *board.take_offers(2)]
        board.open_next(batch)
        board.release(BoardKind.NEEDS, batch, b"token", NOON)

        assert [*first, *second] == [one.card for one in cards]
        assert closed == [one.close for one in cards]
        assert offers == sorted("xyz", key=lambda offer: sha256_hex(offer.encode()))
        assert board.open_batch() == batch
        assert board.released(BoardKind.NEEDS, 5) == [(batch.batch, sha256_hex(b"token"))]

        board.forget(cards=2, batches=1)
        assert [board.post(one) for one in cards] == [True, True, False]  # the third was shown in the second batch
        assert board.codes("p") == 1
        board.forget(cards=3, batches=2)
        assert (board.codes("p"), board.token(BoardKind.NEEDS, batch.batch)) == (0, None)


def test_a_roster_is_kept_published_and_looked_up(engine: Engine, work: UnitOfWork) -> None:
    snapshot, timestamp, sign = (SigningKey.generate() for _ in range(3))
    board = BoardKeys(sign=sign.public.jwk, seal=OpeningKey.generate().public.jwk)
    public = ExchangePublic(
        url="https://exchange.example",
        snapshot=snapshot.public.jwk,
        timestamp=timestamp.public.jwk,
        board=board,
        founding_token="t" * 32,
    )
    clock = FakeClock()
    peer = Peer(clock=clock)
    stewards = Stewards(public=public, clock=clock, members=[peer])
    members = {MEMBERS: stewards.members_json(), POLICY: stewards.policy_json()}
    denied = stewards.suspensions_json()
    files = (stewards.root(), stewards.targets(members), stewards.suspensions(denied))
    signers = OnlineSigners(snapshot=online_signer(snapshot), timestamp=online_signer(timestamp))
    keeper: RosterKeeper = TufKeeper(signers, (board.sign, board.seal))
    directory: Directory = SqlDirectory(engine, admissions_keys)
    with pytest.raises(UnfoundedError):
        directory.roster()

    publication = keeper.check(None, Bundle(metadata=files, targets={**members, SUSPENSIONS: denied}), NOON)
    with work() as found:
        found.lock(Area.ROSTER)
        roster: RosterFiles = found.roster
        assert (roster.standing(), roster.expiries()) == (None, None)
        roster.publish(publication, frozenset())
    with reading_work(engine)() as found:
        assert found.roster.standing() == publication.standing
        assert found.roster.sticky() == frozenset()
        assert found.roster.file("1.root.json") == (files[0], sha256_hex(files[0]))

    fresh: Directory = SqlDirectory(engine, admissions_keys)
    assert fresh.roster().is_active(peer.node)
    assert set(fresh.roster().admissions) == {key.key_id for key in stewards.keys.admissions}
    assert fresh.signing_keys(peer.node, NOON) == {}


def test_wakeups_take_any_number_of_names(engine: Engine) -> None:
    wakeups: Wakeups = make_wakeups(engine)

    wakeups.wake({NODE: (), OTHER: ()})
    wakeups.wake({})
