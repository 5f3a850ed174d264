"""What a pair keeps beside its agreement."""

from datetime import datetime
from typing import Protocol

from node.domain.mentorship import MentorshipId
from node.domain.pair import Note, NoteId, Plan, PlanId


class PairBook(Protocol):
    """Notes of pairs, and meetings they plan."""

    def add_note(self, note: Note) -> None:
        """Keep a new note."""
        ...

    def note(self, note: NoteId) -> Note:
        """One note. Raises: UnknownNoteError."""
        ...

    def notes(self, mentorship: MentorshipId) -> tuple[Note, ...]:
        """Every note about a pair, newest first."""
        ...

    def settle(self, note: NoteId, at: datetime) -> None:
        """Keep that a coordinator has seen to it."""
        ...

    def waiting(self) -> tuple[Note, ...]:
        """What participants told the coordinators and nobody has seen to, oldest first."""
        ...

    def add_plan(self, plan: Plan) -> None:
        """Keep a planned meeting."""
        ...

    def plans(self, mentorship: MentorshipId, since: datetime) -> tuple[Plan, ...]:
        """Meetings a pair plans for a moment and later, soonest first."""
        ...

    def remove_plan(self, plan: PlanId) -> None:
        """Keep a planned meeting no longer."""
        ...
