"""The ports `Border` and `Federation`: the fake carrier and the real border post keep one promise."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import pytest

from federation.ground.stop import Stop
from node.adapters.membership.on_demand import FederationOnDemand
from node.adapters.membership.wiring import Ears, open_membership
from node.domain.consent import GrantId
from node.domain.language import parse_languages
from node.domain.listing import Listing
from node.domain.person import OccupationCode
from node.domain.request import (
    Accepted,
    Answered,
    Asked,
    Capability,
    Closing,
    Confirmed,
    End,
    Move,
    Need,
    Offered,
    Plain,
    Reachable,
    Reported,
    Revealed,
    Said,
    Stage,
    UnknownRequestError,
    WrongMoveError,
)
from node.services.board.hearing import hear_offer, take_in
from node.services.forgetting_again import be_reminded
from node.services.ports import UnitOfWork
from node.services.ports.border import Border, Found, Heard, Offering
from node.services.ports.federation import (
    Admission,
    Applicant,
    Federation,
    Fingerprint,
    Freshness,
    JoinView,
    MembershipView,
    Probe,
    RosterView,
    Round,
    Warned,
)
from node.services.ports.work import Listener
from protocol.ids import NodeId, ThreadId
from protocol.vocabulary import Answer, Mode, Outcome, Progress, Publishes, Question, SeatBand, SizeBracket, Topic
from tests.support.border import Carrier, FakeBorder
from tests.support.clock import NOON, FakeClock
from tests.support.node import new_id
from tests.support.nodes import Node, World

NEED = Need(
    occupation=OccupationCode("21300"),
    languages=parse_languages("en:7; fr:4"),
    topics=(Topic.LICENSING,),
    mode=Mode.ONLINE,
    hours=4,
    time_zone="America/Edmonton",
)
CAPABILITY = Capability(
    occupation=OccupationCode("21300"),
    languages=("en",),
    topics=(),
    mode=Mode.ONLINE,
    hours=4,
    years_of_experience=9,
    time_zone="America/Edmonton",
)
LISTING = Listing(occupation=OccupationCode("21300"), languages=("en",), mode=Mode.ONLINE, seats=SeatBand.ONE)

OFFERING = Offering(listings=(LISTING,), cells=None, policy="listings only")


class Side(Protocol):
    """One end: its border in a transaction, and what it heard."""

    @property
    def id(self) -> NodeId: ...

    def do(self, act: Callable[[Border], object]) -> object: ...

    def heard(self) -> list[Heard]: ...


@dataclass(slots=True)
class FakeSide:
    id: NodeId
    carrier: Carrier

    def do(self, act: Callable[[Border], object]) -> object:
        return act(FakeBorder(self.id, self.carrier))

    def heard(self) -> list[Heard]:
        return [self.carrier.heard(letter, NOON) for letter in self.carrier.take(self.id)]


@dataclass(slots=True)
class RealSide:
    node: Node
    told: list[Heard]
    federation: Federation

    @property
    def id(self) -> NodeId:
        return self.node.id

    def do(self, act: Callable[[Border], object]) -> object:
        with self.node.services.requests.open.work() as work:
            return act(work.border)

    def heard(self) -> list[Heard]:
        assert self.federation.sync().reached
        found, self.told[:] = list(self.told), []
        return found


@dataclass(slots=True)
class Ends:
    home: Side
    host: Side
    clock: FakeClock

    def carry(self, said: Said, by: Side, thread: ThreadId) -> Heard:
        """Say something and let the other end hear it."""
        by.do(lambda border: border.say(thread, said, self.clock.now()))
        by.heard()
        (heard,) = (self.host if by is self.home else self.home).heard()
        return heard


def real_side(node: Node) -> RealSide:
    told: list[Heard] = []

    def remember(_work: UnitOfWork, heard: Heard) -> None:
        told.append(heard)

    def nothing_lost(_work: UnitOfWork, found: Found) -> None:
        raise AssertionError(found.thread)

    board = Listener(take_in, hear_offer)
    ears = Ears(hear=remember, recover=nothing_lost, remind=be_reminded, board=board)
    return RealSide(node, told, open_membership(node.place).federation(ears))


@pytest.fixture(params=["fake", "real"])
def ends(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ends]:
    if request.param == "fake":
        clock, carrier = FakeClock(), Carrier()
        yield Ends(FakeSide(NodeId("a" * 16), carrier), FakeSide(NodeId("b" * 16), carrier), clock)
        return
    world = World(tmp_path)
    sides = [real_side(world.node(name)) for name in ("Hat", "Calgary")]
    world.settle(1)
    yield Ends(sides[0], sides[1], world.clock)
    world.close()


def opened(ends: Ends) -> ThreadId:
    thread = ends.home.do(lambda border: border.open(ends.host.id, NEED, ends.clock.now()))
    ends.home.heard()
    return ThreadId(str(thread))


def test_everything_said_is_heard_as_it_was_said(ends: Ends) -> None:
    thread = opened(ends)
    (asked,) = ends.host.heard()
    assert (asked.thread, asked.peer, asked.end, asked.said) == (thread, ends.home.id, End.HOST, NEED)
    assert (asked.stage, asked.overtaken) == (Stage.ASKED, False)
    mary, amara = (
        Reachable(name="Mary", email="mary@example.org", phone="+1 403 555 0100"),
        Reachable(name="A", email="a@example.org"),
    )
    story: list[tuple[Side, Said, Stage]] = [
        (ends.host, Asked(Question.START), Stage.QUESTIONED),
        (ends.home, Answered(Question.START, Answer.NOW), Stage.ASKED),
        (ends.host, Offered(CAPABILITY, NOON + timedelta(days=14)), Stage.OFFERED),
        (ends.home, Accepted(GrantId(new_id())), Stage.ACCEPTED),
        (ends.host, Confirmed(GrantId(new_id())), Stage.CONFIRMED),
        (ends.host, Revealed(mary), Stage.HOST_REVEALED),
        (ends.home, Revealed(amara), Stage.INTRODUCED),
        (ends.host, Reported(Progress.FIRST_MEETING_HELD, 1), Stage.INTRODUCED),
        (ends.home, Closing(Outcome.FOUND_WORK), Stage.CLOSING_BY_HOME),
        (ends.host, Plain(Move.AGREE_CLOSE), Stage.CLOSED),
    ]

    for by, said, stage in story:
        ends.clock.advance(timedelta(seconds=1))
        heard = ends.carry(said, by, thread)
        assert (heard.said, heard.stage, heard.overtaken) == (said, stage, False)
        assert heard.at == ends.clock.now()

    def steps(border: Border) -> int:
        return len(border.standing(thread).timeline)

    assert ends.home.do(steps) == ends.host.do(steps) == 1 + len(story)
    for end in (ends.home, ends.host):
        told = end.do(lambda border: tuple(step.said for step in border.story(thread).timeline))
        assert told == (NEED, *(said for _, said, _ in story))
    standings = ends.home.do(lambda border: border.standings((thread, ThreadId(new_id()))))
    assert standings == {thread: ends.home.do(lambda border: border.standing(thread))}
    assert ends.home.do(lambda border: border.story(thread).moves) == {Move.WITHDRAW_CONSENT, Move.ERASE}


def test_what_the_table_does_not_allow_is_refused(ends: Ends) -> None:
    thread = opened(ends)

    with pytest.raises(WrongMoveError):
        ends.home.do(lambda border: border.say(thread, Plain(Move.CONFIRM), ends.clock.now()))
    with pytest.raises(UnknownRequestError):
        ends.home.do(lambda border: border.say(ThreadId(new_id()), Plain(Move.WITHDRAW), ends.clock.now()))
    with pytest.raises(UnknownRequestError):
        ends.home.do(lambda border: border.standing(ThreadId(new_id())))
    with pytest.raises(UnknownRequestError):
        ends.home.do(lambda border: border.story(ThreadId(new_id())))


def test_what_nobody_moved_is_overdue_first_for_whose_move_it_is(ends: Ends) -> None:
    thread = opened(ends)
    ends.host.heard()

    def overdue(side: Side) -> object:
        return side.do(lambda border: border.overdue(ends.clock.now()))

    assert overdue(ends.host) == overdue(ends.home) == ()
    assert thread


def test_what_one_publishes_the_other_finds(ends: Ends) -> None:
    def publish(border: Border) -> object:
        return border.publish(OFFERING, ends.clock.now()).pseudonyms

    pseudonyms = ends.host.do(publish)
    ends.host.heard()
    ends.home.heard()

    def found(border: Border) -> object:
        (program,) = border.availability(ends.clock.now())
        return program.program, program.known, tuple(listing.pseudonym for listing in program.listings)

    assert ends.home.do(found) == (ends.host.id, True, pseudonyms)
    assert ends.home.do(lambda border: border.declared().publishes) is Publishes.BRACKET


def test_nothing_is_stuck_once_everything_is_delivered(ends: Ends) -> None:
    thread = opened(ends)
    ends.host.heard()
    ends.home.heard()

    assert ends.home.do(lambda border: border.waiting()) == ()
    ends.home.do(lambda border: border.pause(ends.clock.now()))
    ends.home.do(lambda border: border.resume(ends.clock.now()))
    name = ends.home.do(lambda border: border.name_of(ends.host.id))
    assert ends.home.do(lambda border: border.names_of((ends.host.id,))) == {ends.host.id: name}
    assert thread


ROUND = Round(
    joined=True,
    reached=True,
    paused=False,
    freshness=Freshness.FRESH,
    received=0,
    sent=0,
    waiting=0,
    summaries=0,
    warnings=(),
)


MEMBERSHIP = MembershipView(
    node=NodeId("a" * 16),
    state=Admission.ADMITTED,
    words=Fingerprint(english=("aware",) * 6, french=("abaisser",) * 6),
    exchange="https://exchange.example",
    paused=False,
    paused_by_exchange=False,
    read_at=NOON,
    keys_since=NOON,
    keys_until=NOON + timedelta(days=90),
)


@dataclass(frozen=True, slots=True)
class QuietFederation:
    """Fake of `Federation`: nobody else is there."""

    def join(self, code: str, applicant: Applicant) -> JoinView:
        raise NotImplementedError

    def attend(self, stop: Stop) -> None:
        raise NotImplementedError

    def sync(self) -> Round:
        return ROUND

    def roster(self) -> RosterView:
        return RosterView(signed_at=NOON, freshness=Freshness.FRESH, members=())

    def freshness(self) -> Freshness | None:
        return Freshness.FRESH

    def membership(self) -> MembershipView | None:
        return MEMBERSHIP

    def go_on(self) -> None:
        raise NotImplementedError

    def warnings(self) -> tuple[Warned, ...]:
        return ()

    def probe(self) -> Probe | None:
        return Probe(0)


@pytest.fixture(params=["fake", "real"])
def federation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Federation]:
    if request.param == "fake":
        yield FederationOnDemand(QuietFederation)
        return
    world = World(tmp_path)
    yield world.node("Hat").services.federation.sync.federation
    world.close()


def test_a_member_knows_its_federation(federation: Federation) -> None:
    assert federation.sync().reached
    assert federation.freshness() is Freshness.FRESH
    assert federation.roster().freshness is Freshness.FRESH
    assert federation.probe() == Probe(0)
    found = federation.membership()
    assert found is not None
    assert (found.state, found.paused, found.keys_since < found.keys_until) == (Admission.ADMITTED, False, True)
    assert len(found.words.english) == len(found.words.french) == 6


def test_a_program_of_its_own_has_no_federation_to_look_at(tmp_path: Path) -> None:
    world = World(tmp_path)
    alone = world.stranger("Alone").services.federation.sync.federation

    assert (alone.freshness(), alone.probe(), alone.membership()) == (None, None, None)
    world.close()


def test_sizes_are_declared_and_never_counted() -> None:
    assert FakeBorder(NodeId("a" * 16), Carrier()).declared().size is SizeBracket.UNDER_25
