"""Notes about a pair: its people's own, private or shared, and what they tell their coordinators."""

from dataclasses import dataclass

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.mentorship import MentorshipId
from node.domain.pair import Note, NoteId, Reach, UnknownNoteError
from node.services.mentorship.proof import Keeper, kept
from node.services.ports import Clock, Ids, OpenWork
from node.services.remember import remember


@dataclass(frozen=True, slots=True)
class AddNote:
    """Write a note about a pair; it is never edited."""

    work: OpenWork
    clock: Clock
    ids: Ids

    def __call__(self, who: Keeper, mentorship: MentorshipId, words: str, reach: Reach) -> Note:
        """The note. Raises: NotAllowedError, UnknownMentorshipError, NoteError."""
        now, by_staff = self.clock.now(), isinstance(who, Actor)
        with self.work() as work:
            found = kept(work, who, mentorship)
            subject = found.kept_under() if isinstance(who, Actor) else who.person
            note = Note(
                id=NoteId(self.ids.new()),
                mentorship=found.id,
                subject=subject,
                author=who.id,
                by_staff=by_staff,
                reach=reach,
                at=now,
                words=words.strip(),
            )
            work.pairs.add_note(note)
            remember(work, who, Act.PAIR_NOTED, found.id, now)
            return note


@dataclass(frozen=True, slots=True)
class SettleNote:
    """A coordinator has seen to what one of a pair told her."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, mentorship: MentorshipId, note: NoteId) -> Note:
        """The note. Raises: NotAllowedError, UnknownMentorshipError, UnknownNoteError."""
        actor.may(Action.KEEP_MENTORSHIPS)
        now = self.clock.now()
        with self.work() as work:
            found = work.pairs.note(note)
            if found.mentorship != mentorship or not found.is_open_to(actor):
                raise UnknownNoteError(note=note)
            settled = found.settle(now)
            work.pairs.settle(note, now)
            remember(work, actor, Act.PAIR_HEARD, mentorship, now)
            return settled
