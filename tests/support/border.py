"""Two programs side by side without seals or an exchange: what one says is carried to the other by hand.

The language's own table judges what may be said, as the border post does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from node.domain.counts import Cells
from node.domain.listing import Availability, Listing
from node.domain.request import End, Move, Need, Plain, Said, Stage, UnknownRequestError, WrongMoveError
from node.services.ports.border import Border, Declared, Heard, Offering, Published, Standing, Step, Waiting
from protocol.bodies import Kind
from protocol.ids import NodeId, ThreadId
from protocol.thread.table import DUTIES, TABLE, Side, State, allowed, is_final
from protocol.vocabulary import Publishes, SizeBracket
from tests.support.board import FakeNeedBoard
from tests.support.node import new_id

_MOVES = {
    "Need": Move.OPEN,
    "Asked": Move.ASK,
    "Answered": Move.ANSWER,
    "Offered": Move.OFFER,
    "Accepted": Move.ACCEPT,
    "Confirmed": Move.CONFIRM,
    "Revealed": Move.REVEAL,
    "Reported": Move.REPORT,
    "Closing": Move.CLOSE,
}


def move_of(said: Said) -> Move:
    """The move a saying makes."""
    return said.move if isinstance(said, Plain) else _MOVES[type(said).__name__]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Something said, on its way."""

    thread: ThreadId
    to: NodeId
    sender: NodeId
    end: End
    said: Said
    at: datetime


@dataclass(slots=True)
class Carried:
    """A request as the carrier knows it: one state for both ends, because nothing crosses on the way."""

    home: NodeId
    host: NodeId
    state: State
    since: datetime
    timeline: tuple[Step, ...] = ()


@dataclass(slots=True)
class Carrier:
    """Carries what programs say to each other."""

    threads: dict[ThreadId, Carried] = field(default_factory=dict)
    bag: list[Letter] = field(default_factory=list)
    published: dict[NodeId, tuple[Listing, ...]] = field(default_factory=dict)
    offered: list[Cells | None] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    board: FakeNeedBoard = field(default_factory=FakeNeedBoard)
    left: set[NodeId] = field(default_factory=set)

    def take(self, program: NodeId) -> list[Letter]:
        """Everything that waits for a program, in the order it was said."""
        mine = [letter for letter in self.bag if letter.to == program]
        self.bag = [letter for letter in self.bag if letter.to != program]
        return mine

    def heard(self, letter: Letter, at: datetime) -> Heard:
        """A letter as its receiver hears it at the moment `at`."""
        return Heard(
            thread=letter.thread,
            peer=letter.sender,
            end=letter.end.other,
            said=letter.said,
            stage=Stage(self.threads[letter.thread].state.value),
            overtaken=False,
            at=letter.at,
            received_at=at,
        )


@dataclass(frozen=True, slots=True)
class FakeBorder(Border):
    """Fake of `node.services.ports.border.Border`."""

    node: NodeId
    carrier: Carrier
    publishes: Publishes = Publishes.BRACKET

    def open(self, peer: NodeId, need: Need, at: datetime) -> ThreadId:
        """Ask another program."""
        thread = ThreadId(new_id())
        self.carrier.threads[thread] = Carried(home=self.node, host=peer, state=State.NEW, since=at)
        self.say(thread, need, at)
        return thread

    def say(self, thread: ThreadId, said: Said, at: datetime) -> Stage:
        """Say something."""
        carried = self._thread(thread)
        end = End.HOME if carried.home == self.node else End.HOST
        move = move_of(said)
        after = TABLE.get((carried.state, Side(end.value), Kind(move.value)))
        if after is None:
            raise WrongMoveError(request=thread, stage=carried.state.value, move=move.value)
        carried.since = carried.since if after is carried.state else at
        carried.state = after
        carried.timeline = (*carried.timeline, Step(at=at, by=end, move=move, overtaken=False, said=said))
        to = carried.host if end is End.HOME else carried.home
        self.carrier.bag.append(Letter(thread=thread, to=to, sender=self.node, end=end, said=said, at=at))
        return Stage(after.value)

    def standing(self, thread: ThreadId) -> Standing:
        """Where a request stands."""
        told = self.story(thread)
        return replace(told, timeline=tuple(replace(step, said=None) for step in told.timeline))

    def standings(self, threads: Iterable[ThreadId]) -> Mapping[ThreadId, Standing]:
        """Where several requests stand."""
        return {thread: self.standing(thread) for thread in threads if thread in self.carrier.threads}

    def story(self, thread: ThreadId) -> Standing:
        """Where a request stands, with everything that was said."""
        carried = self._thread(thread)
        duty = None if is_final(carried.state) else DUTIES[carried.state]
        return Standing(
            stage=Stage(carried.state.value),
            owner=None if duty is None else End(duty.owner.value),
            nudge_at=None if duty is None else carried.since + duty.nudge,
            deadline_at=None if duty is None else carried.since + duty.deadline,
            timeline=carried.timeline,
            moves=frozenset(
                Move(kind.value) for kind in allowed(carried.state, Side.HOME if self._is_home(carried) else Side.HOST)
            ),
        )

    def _is_home(self, carried: Carried) -> bool:
        return carried.home == self.node

    def overdue(self, at: datetime) -> tuple[ThreadId, ...]:
        """Requests before an introduction whose deadline has passed on our move."""
        return tuple(thread for thread, carried in self.carrier.threads.items() if self._is_overdue(carried, at))

    def _is_overdue(self, carried: Carried, at: datetime) -> bool:
        if self.node not in {carried.home, carried.host} or not Stage(carried.state.value).is_before_introduction:
            return False
        duty = DUTIES[carried.state]
        owner = carried.home if duty.owner is Side.HOME else carried.host
        grace = timedelta(0) if owner == self.node else timedelta(days=1)
        return carried.since + duty.deadline + grace <= at

    def name_of(self, program: NodeId) -> str:
        """The program's id; there is no roster."""
        return program

    def names_of(self, programs: Iterable[NodeId]) -> Mapping[NodeId, str]:
        """Their ids."""
        return {program: program for program in programs}

    def status_of(self, program: NodeId, at: datetime) -> str:
        """Everybody is a member, but for those a test says left."""
        return "left" if program in self.carrier.left else "active"

    def availability(self, at: datetime) -> tuple[Availability, ...]:
        """What the others published."""
        return tuple(
            Availability(program=program, name=program, region="Alberta", known=True, listings=listings)
            for program, listings in sorted(self.carrier.published.items())
            if program != self.node
        )

    def declared(self) -> Declared:
        """A small program."""
        return Declared(publishes=self.publishes, size=SizeBracket.UNDER_25)

    def publish(self, offering: Offering, at: datetime) -> Published:
        """Publish under numbered pseudonyms."""
        names = tuple(
            f"{number:a>16}".translate(str.maketrans("0189", "wxyz")) for number in range(len(offering.listings))
        )
        named = (replace(listing, pseudonym=name) for listing, name in zip(offering.listings, names, strict=True))
        self.carrier.published[self.node] = tuple(named)
        self.carrier.offered.append(offering.cells)
        return Published(digest="0" * 64, pseudonyms=names, receivers=2)

    @property
    def board(self) -> FakeNeedBoard:
        """The board that the carrier shows."""
        return self.carrier.board

    def waiting(self) -> tuple[Waiting, ...]:
        """What a test says is on its way; the bag is carried by hand."""
        return tuple(self.carrier.waiting)

    def retry(self, message: str, at: datetime) -> None:
        """Nothing waits."""

    def pause(self, at: datetime) -> None:
        """Nothing waits."""

    def resume(self, at: datetime) -> None:
        """Nothing waits."""

    def _thread(self, thread: ThreadId) -> Carried:
        if thread not in self.carrier.threads:
            raise UnknownRequestError(request=thread)
        return self.carrier.threads[thread]
