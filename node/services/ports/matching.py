"""What matching asks for: where communities lie, the program's rules, pinned pairs, drafts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from node.domain.drafts import AskedDraft, Change, Draft, DraftId, DraftPair, DraftState, Unmatched
from node.domain.matching.bearings import Spot
from node.domain.matching.rules import Rules
from node.domain.person import PersonId
from node.services.ports.draft_boards import DraftBoards


class Atlas(Protocol):
    """A map of communities."""

    def locate(self, name: str, region: str) -> Spot | None:
        """Where a community lies; of several of one name, the one in the region. None where it is not on the map."""
        ...


class RuleBook(Protocol):
    """The file in which a program keeps its rules."""

    def read(self) -> Rules:
        """The rules in force; the usual ones where the program set none. Raises: UnreadableRulesError and others."""
        ...

    def parse(self, text: str) -> Rules:
        """Rules as people write them.

        Raises: UnreadableRulesError, RuleOutOfRangeError, NothingWeighsError.
        """
        ...

    def text(self, rules: Rules) -> str:
        """Rules as `parse` reads them, each with a word on what it does."""
        ...

    def write(self, rules: Rules) -> None:
        """Keep these from now on."""
        ...


class Pins(Protocol):
    """Pairs a coordinator wants."""

    def add(self, mentee: PersonId, mentor: PersonId, at: datetime) -> None:
        """Pin a pair; a mentee is pinned to one mentor. Raises: AlreadyPinnedError."""
        ...

    def remove(self, mentee: PersonId, mentor: PersonId) -> None:
        """Let the pair go. Raises: NotPinnedError."""
        ...

    def all(self) -> frozenset[tuple[PersonId, PersonId]]:
        """Every pinned pair, mentee first."""
        ...


class Drafts(Protocol):
    """Drafts of who meets whom."""

    @property
    def boards(self) -> DraftBoards:
        """Drafts as boards: counted, compared, and read part by part."""
        ...

    def add(self, draft: Draft, pairs: Sequence[DraftPair], unmatched: Sequence[Unmatched]) -> None:
        """Keep a new draft."""
        ...

    def get(self, draft: DraftId) -> Draft:
        """One draft, locked until the work ends. Raises: UnknownDraftError."""
        ...

    def last(self, *states: DraftState) -> Draft | None:
        """The newest draft in one of these states."""
        ...

    def before(self, draft: Draft) -> Draft | None:
        """The newest draft that was made before this one and not thrown away."""
        ...

    def pairs(self, draft: DraftId) -> tuple[DraftPair, ...]:
        """Its pairs, in the order of the mentees' ids."""
        ...

    def unmatched(self, draft: DraftId) -> tuple[Unmatched, ...]:
        """Whom it leaves without a mentor, in the order of their ids."""
        ...

    def put(self, draft: DraftId, pair: DraftPair) -> None:
        """Give a mentee of the draft this mentor instead of whatever it said of her."""
        ...

    def take_out(self, draft: DraftId, left: Unmatched) -> None:
        """Leave a mentee of the draft without a mentor."""
        ...

    def add_change(self, draft: DraftId, change: Change) -> None:
        """Add to the history of a draft."""
        ...

    def changes(self, draft: DraftId) -> tuple[Change, ...]:
        """What was changed by hand since the draft was made, in order."""
        ...

    def replace(self, draft: Draft) -> None:
        """Store a changed draft. Raises: ChangedMeanwhileError."""
        ...

    def ask(self, asked: AskedDraft) -> None:
        """Keep that a draft is wanted, until `fulfil`."""
        ...

    def asked(self) -> AskedDraft | None:
        """The draft that is being made, if one is; of several, the first."""
        ...

    def claim(self, at: datetime, until: datetime) -> AskedDraft | None:
        """The first that nobody is making at this moment and that was not tried too often.

        Nobody else gets it before `until`.
        """
        ...

    def fulfil(self, draft: DraftId) -> bool:
        """It is wanted no more; False where it was not wanted any more already."""
        ...
