"""Stewards with real keys and real folders, around one exchange in memory."""

import shutil
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from federation.governance.bootstrap import Desk, World
from federation.governance.domain.cards import StewardCard
from federation.governance.domain.proposal import Proposal
from federation.governance.services.founding import Charter
from federation.governance.services.views import ProposalView, PublishedView
from protocol.ids import JoinId, NodeId
from tests.support.clock import FakeClock
from tests.support.newcomer import Newcomer
from tests.support.roster_site import Join, RosterSite

NAMES = ("Ada", "Ben", "Cleo", "Dai", "Eve")
NODE = NodeId("abcdefghijklmnop")
DAY = timedelta(days=1)


def yes(_view: ProposalView) -> None:
    """A steward who confirms."""


def no_passphrase() -> str | None:
    """Nobody at the terminal."""
    return None


@dataclass
class Circle:
    """Stewards by name, their clock, and their exchange."""

    path: Path
    clock: FakeClock = field(default_factory=FakeClock)
    cards: dict[str, StewardCard] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.site = RosterSite(self.clock)

    def copied(self, path: Path) -> "Circle":
        """The same federation once more, so that a test may change it."""
        shutil.copytree(self.path, path, dirs_exist_ok=True)
        clock = FakeClock(self.clock.now())
        other = Circle(path, clock, dict(self.cards))
        other.site = self.site.copied(clock)
        return other

    @property
    def world(self) -> World:
        return World(connect=self.site.connect, clock=self.clock, pause=self.wait)

    def wait(self, seconds: float) -> None:
        """Time passes only when somebody waits."""
        self.clock.advance(timedelta(seconds=seconds))

    def desk(self, name: str, *, rehearse: bool = False) -> Desk:
        return Desk(self.path / name, no_passphrase, self.world, bare=True, rehearse=rehearse)

    def make(self, name: str, *, duty: bool = True) -> Desk:
        desk = self.desk(name)
        self.cards[name] = desk.make_steward(desk.steward, name, duty=duty)
        return desk

    def draft(self, *names: str, root: int = 1, targets: int = 1) -> Proposal:
        """The founding proposal, unsigned."""
        for name in names:
            if name not in self.cards:
                self.make(name)
        desk = self.desk(names[0])
        charter = Charter(
            exchange=self.site.card,
            stewards=tuple(self.cards[name] for name in names),
            root_threshold=root,
            targets_threshold=targets,
        )
        return desk.found(desk.steward, charter).proposal

    def found(self, *names: str, root: int = 1, targets: int = 1) -> None:
        """A founded federation whose stewards all signed."""
        proposal = self.draft(*names, root=root, targets=targets)
        self.pass_round(proposal, *names)

    def sign(self, name: str, proposal: Proposal) -> Proposal:
        desk = self.desk(name)
        return desk.sign(desk.steward, proposal, yes)[0]

    def pass_round(self, proposal: Proposal, *names: str) -> PublishedView:
        """Sign in turn, and let the last one publish."""
        for name in names:
            proposal = self.sign(name, proposal)
        return self.publish(names[-1], proposal)

    def publish(self, name: str, *proposals: Proposal) -> PublishedView:
        desk = self.desk(name)
        return desk.publish()(desk.steward, proposals)

    def proposal_of(self, view: ProposalView) -> Proposal:
        return Proposal.read(Path(view.file).read_bytes())

    def code(self, name: str) -> tuple[str, JoinId]:
        desk = self.desk(name)
        view = desk.issue(desk.steward, "Medicine Hat")
        return view.code, view.join

    def admitted(self, name: str, newcomer: Newcomer) -> Proposal:
        """The proposal that admits an honest newcomer, after code, words and challenge."""
        return self.proposal_of(self.let_in(name, newcomer))

    def let_in(self, name: str, newcomer: Newcomer, *, rekey: bool = False) -> ProposalView:
        code, join = self.code(name)
        now = self.clock.now()
        self.site.joins[join] = Join(newcomer.ask(code, now))
        words = newcomer.words(code, now)
        return self.decide(name, newcomer, join, words, rekey=rekey)

    def decide(self, name: str, newcomer: Newcomer, join: JoinId, words: str, *, rekey: bool = False) -> ProposalView:
        """Challenge, let the newcomer answer while the steward waits, and propose."""
        desk = self.desk(name)

        def answering(seconds: float) -> None:
            self.clock.advance(timedelta(seconds=seconds))
            held = self.site.joins[join]
            assert held.challenge is not None
            admissions = desk.steward.admissions_key().public
            held.answer = newcomer.answer(held.challenge, join, admissions, self.clock.now())

        world = World(connect=self.site.connect, clock=self.clock, pause=answering)
        desk = Desk(self.path / name, no_passphrase, world, bare=True)
        verbs, patience = desk.admit(), timedelta(seconds=30)
        if rekey:
            return verbs.rekey(desk.steward, newcomer.node, join, lambda _: words, wait=patience)
        return verbs(desk.steward, join, lambda _: words, wait=patience, mentees=12)
