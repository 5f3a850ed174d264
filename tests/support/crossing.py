"""Programs with people, joined by a carrier in memory, for tests of what services decide."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from federation.ground.engine import make_engine, sqlite_url
from node.adapters.ids import SystemIds
from node.adapters.sql.work import SqlUnitOfWork, unit_of_work
from node.adapters.vault.file import FileVault, Lock
from node.adapters.vault.keys import make_keys
from node.domain.actor import Actor, Role, UserId
from node.domain.consent import ANY_MEMBER, Given, Purpose
from node.domain.person import Kind, Person, PersonId, Visibility
from node.services.agreeing import AgreeToRequest, Yes
from node.services.consent import AddConsent, ConsentView, NewConsent, WithdrawConsent
from node.services.disclosures import ShowDisclosures
from node.services.drawing import AgreeToPolicy, DrawCounts
from node.services.erasing import ErasePerson
from node.services.ledger import ShowLedger, VerifyLedger
from node.services.mentorship.approving import ApprovePair
from node.services.mentorship.keeping import AgreeOnGoals, CloseMentorship, LogMeeting, SettleGoal
from node.services.ports.shredder import Shredded
from node.services.ports.vault import Guard
from node.services.preview import PreviewSummary
from node.services.report import MakeReport
from node.services.request.answering import AcceptOffer, AnswerQuestion, AskQuestion, EndRequest, OfferSeat
from node.services.request.hearing import Hear
from node.services.request.lapsing import LapseRequests
from node.services.request.opening import OpenRequest, SearchRequest
from node.services.request.views import ListRequests, RequestView, ShowRequest
from node.services.summary import PublishSummary
from node.services.tidying import TidyView
from node.services.visibility import SetVisibility
from protocol.ids import NodeId, ThreadId
from protocol.vocabulary import Publishes
from tests.support.border import Carrier, FakeBorder, Letter
from tests.support.chance import SeededRandomness
from tests.support.clock import FakeClock
from tests.support.migrated import bring_to_head
from tests.support.node import HAT, PROGRAM, WORDS, a_person, a_profile

EDMONTON = "America/Edmonton"
CLERK = Actor(UserId("01a00000-0000-7000-8000-00000000c1e0"), Role.COORDINATOR)


@dataclass(slots=True)
class FakeProgram:
    """One program: its database, its people, and its verbs."""

    node: NodeId
    engine: Engine
    vault: FileVault
    carrier: Carrier
    clock: FakeClock
    publishes: Publishes = Publishes.BRACKET
    copied: bool = False
    ids: SystemIds = field(init=False)

    def __post_init__(self) -> None:
        self.ids = SystemIds(self.clock)
        with self.work() as first:
            first.programs.add(replace(PROGRAM, name=f"Program {self.node[0].upper()}"))
            first.communities.add(HAT)

    @property
    def work(self) -> Callable[[], SqlUnitOfWork]:
        """Opens units of work."""
        border = FakeBorder(self.node, self.carrier, self.publishes)
        return unit_of_work(self.engine, self.vault, lambda _: border)

    def add(self, person: Person) -> Person:
        """Take somebody in."""
        with self.work() as work:
            work.people.add([person])
        return person

    def mentee(self, *, occupation: str = "21300", email: str = "amara@example.org", agreed: bool = True) -> Person:
        """A mentee; `agreed` to being asked for elsewhere."""
        mentee = a_person(profile=a_profile(occupation=occupation))
        mentee = self.add(replace(mentee, contact=replace(mentee.contact, email=email)))
        if agreed:
            self.agrees(mentee.id, Purpose.OUTSIDE)
        return mentee

    def mentor(
        self, *, occupation: str = "21300", seats: int = 1, visibility: Visibility = Visibility.ASK_FIRST
    ) -> Person:
        """A mentor."""
        profile = replace(a_profile(occupation=occupation, seats=seats), visibility=visibility)
        return self.add(a_person(Kind.MENTOR, profile=profile))

    def agrees(self, person: PersonId, purpose: Purpose, concerns: str = "") -> ConsentView:
        """Write down a yes."""
        new = NewConsent(person=person, purpose=purpose, given=Given.PHONE, recipient=ANY_MEMBER, concerns=concerns)
        return AddConsent(self.work, self.clock, self.ids)(CLERK, new)

    def says_yes(self, thread: ThreadId, mentor: PersonId | None = None) -> tuple[ConsentView, ...]:
        """Both yeses of one request."""
        yes = Yes(thread=thread, given=Given.PHONE, mentor=mentor)
        return AgreeToRequest(self.work, self.clock, self.ids)(CLERK, yes)

    def hear(self) -> int:
        """Take in everything that waits; returns how much it was."""
        letters = self.carrier.take(self.node)
        for letter in letters:
            self.take_in(letter)
        return len(letters)

    def take_in(self, letter: Letter) -> None:
        """Take in one letter, in a transaction of its own."""
        with self.work() as work:
            Hear(self.ids)(work, self.carrier.heard(letter, self.clock.now()))

    @property
    def search(self) -> SearchRequest:
        """Search what others published."""
        return SearchRequest(self.work, self.clock)

    @property
    def open(self) -> OpenRequest:
        """Ask another program."""
        return OpenRequest(self.work, self.clock, self.ids, EDMONTON)

    @property
    def offer(self) -> OfferSeat:
        """Offer a seat."""
        return OfferSeat(self.work, self.clock, self.ids, EDMONTON)

    @property
    def ask(self) -> AskQuestion:
        """Ask a question."""
        return AskQuestion(self.work, self.clock)

    @property
    def answer(self) -> AnswerQuestion:
        """Answer a question."""
        return AnswerQuestion(self.work, self.clock)

    @property
    def accept(self) -> AcceptOffer:
        """Accept an offer."""
        return AcceptOffer(self.work, self.clock)

    @property
    def end(self) -> EndRequest:
        """Refuse, withdraw, recall or decline."""
        return EndRequest(self.work, self.clock)

    @property
    def lapse(self) -> LapseRequests:
        """Let lapse what is overdue."""
        return LapseRequests(self.work, self.clock)

    @property
    def withdraw_consent(self) -> WithdrawConsent:
        """Take a yes back."""
        return WithdrawConsent(self.work, self.clock)

    @property
    def erase(self) -> ErasePerson:
        """Erase somebody; tombstones go nowhere."""
        return ErasePerson(self.work, self.clock, _publish_nowhere, lambda _: NOTHING)

    @property
    def approve(self) -> ApprovePair:
        """Put two of our own together."""
        return ApprovePair(self.work, self.clock, self.ids, EDMONTON)

    @property
    def agree(self) -> AgreeOnGoals:
        """Write down an agreement."""
        return AgreeOnGoals(self.work, self.clock)

    @property
    def settle(self) -> SettleGoal:
        """Settle a goal."""
        return SettleGoal(self.work, self.clock)

    @property
    def meet(self) -> LogMeeting:
        """Log a meeting."""
        return LogMeeting(self.work, self.clock, "America/Edmonton")

    @property
    def close(self) -> CloseMentorship:
        """Close a mentorship."""
        return CloseMentorship(self.work, self.clock)

    @property
    def report(self) -> MakeReport:
        """Count."""
        return MakeReport(self.work, self.clock)

    @property
    def publish(self) -> PublishSummary:
        """Publish a summary."""
        return PublishSummary(self.work, self.clock, self.ids)

    @property
    def preview(self) -> PreviewSummary:
        """Preview a summary."""
        return PreviewSummary(self.work, self.clock)

    @property
    def agree_to_publish(self) -> AgreeToPolicy:
        """Say yes to what is published."""
        return AgreeToPolicy(self.work, self.clock)

    @property
    def draw(self) -> DrawCounts:
        """Draw counts, by the chance of a test."""
        return DrawCounts(self.work, self.clock, SeededRandomness(b"a quarter"), lambda: self.copied)

    @property
    def ledger(self) -> ShowLedger:
        """Read the ledger."""
        return ShowLedger(self.work, self.clock)

    @property
    def verify(self) -> VerifyLedger:
        """Check the ledger."""
        return VerifyLedger(self.work)

    @property
    def disclosures(self) -> ShowDisclosures:
        """Tell a person who has seen her data."""
        return ShowDisclosures(self.work, self.clock)

    @property
    def set_visibility(self) -> SetVisibility:
        """Change how far a mentor may be seen."""
        return SetVisibility(self.work, self.clock)

    def requests(self) -> tuple[RequestView, ...]:
        """Every request."""
        return ListRequests(self.work, self.clock)(CLERK)

    def request(self, thread: ThreadId) -> RequestView:
        """One request."""
        return ShowRequest(self.work, self.clock)(CLERK, thread)


NOTHING = TidyView(drafts=0, files=Shredded.GONE)


def _publish_nowhere(tombstones: tuple[str, ...], at: datetime) -> None:
    """There is no folder of backups."""


def settle(*programs: FakeProgram) -> None:
    """Carry letters until nobody has anything left to say."""
    while sum(program.hear() for program in programs):
        pass


HAT_ID, CALGARY_ID = NodeId("a" * 16), NodeId("b" * 16)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two programs; the one that holds seats is the one whose database varies."""

    home: FakeProgram
    host: FakeProgram
    clock: FakeClock


@pytest.fixture
def pair(node_url: str, tmp_path: Path) -> Iterator[Pair]:
    """Two programs that know each other."""
    clock, carrier = FakeClock(), Carrier()
    programs = []
    home_engine = make_engine(sqlite_url(tmp_path / "home.sqlite3"))
    bring_to_head(home_engine)
    for node, engine in ((CALGARY_ID, make_engine(node_url)), (HAT_ID, home_engine)):
        lock = Lock(guard=Guard.BARE, passphrase=None)
        vault = FileVault.create(tmp_path / "keys" / f"{node}.key", lock, make_keys(WORDS))
        programs.append(FakeProgram(node, engine, vault, carrier, clock))
    yield Pair(home=programs[1], host=programs[0], clock=clock)
    for program in programs:
        program.engine.dispose()


def asked(pair: Pair, mentee: Person | None = None) -> ThreadId:
    """A request that arrived at the host."""
    view = pair.home.open(CLERK, (mentee or pair.home.mentee()).id, pair.host.node)
    settle(pair.home, pair.host)
    return view.id


def offered(pair: Pair, mentor: Person, mentee: Person | None = None) -> ThreadId:
    """A request with an offer."""
    thread = asked(pair, mentee)
    pair.host.says_yes(thread, mentor.id)
    pair.host.offer(CLERK, thread, mentor.id)
    settle(pair.home, pair.host)
    return thread


def introduced(pair: Pair) -> ThreadId:
    """Two people who know each other."""
    thread = offered(pair, pair.host.mentor())
    pair.home.says_yes(thread)
    pair.home.accept(CLERK, thread)
    settle(pair.home, pair.host)
    return thread
