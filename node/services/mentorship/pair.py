"""The page of a pair: what both people and their coordinators see of it, each no more than is theirs."""

from dataclasses import dataclass
from datetime import date, datetime

from node.domain.actor import Action, Actor, Participant, UserId
from node.domain.errors import UnknownPersonError
from node.domain.mentorship import Mentorship, MentorshipId, MentorshipState
from node.domain.pair import Note, NoteId, Plan, Reach
from node.domain.person import PersonId
from node.domain.request import Reachable
from node.services.mentorship.proof import Keeper, opened
from node.services.mentorship.views import MentorshipView, mentorship_view
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.remember import remember_read
from node.services.request.introducing import reachable


@dataclass(frozen=True, slots=True, kw_only=True)
class OneView:
    """One of the pair who is ours, and how the other reaches her."""

    id: PersonId
    reach: Reachable
    is_mentor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """A note that whoever asks may read; `mine` says whether she wrote it, `waits` whether nobody has seen to it."""

    id: NoteId
    author: str
    by_staff: bool
    mine: bool
    reach: Reach
    at: datetime
    words: str
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PairView:
    """A pair as whoever asks sees it; `program` is the other one's where the pair crosses programs."""

    at: datetime
    mentorship: MentorshipView
    people: tuple[OneView, ...]
    program: str
    notes: tuple[NoteView, ...]
    plans: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class ShowPair:
    """One pair; that staff read of its people is remembered."""

    work: OpenWork
    clock: Clock

    def __call__(self, who: Keeper, mentorship: MentorshipId) -> PairView:
        """The pair. Raises: NotAllowedError, UnknownMentorshipError."""
        now = self.clock.now()
        with self.work() as work:
            found = opened(work, who, mentorship, Action.READ_PEOPLE)
            people = _people(work, found)
            names = {str(one.id): one.reach.name for one in people}
            if isinstance(who, Actor):
                remember_read(work, who, (one.id for one in people), now)
            notes = tuple(_note(work, who, note, names) for note in work.pairs.notes(found.id) if note.is_open_to(who))
            return PairView(
                at=now,
                mentorship=mentorship_view(found),
                people=people,
                program=work.border.name_of(found.peer) if found.peer else "",
                notes=notes,
                plans=work.pairs.plans(found.id, now),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class PairLine:
    """One pair in a list; a name is blank where somebody was erased or is another program's."""

    id: MentorshipId
    state: MentorshipState
    opened_at: datetime
    mentees: tuple[str, ...]
    mentor: str
    program: str
    met: int
    last_met: date | None
    review_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PairList:
    """A page of pairs; `after` asks for the next one, and is None at the end."""

    at: datetime
    lines: tuple[PairLine, ...]
    after: MentorshipId | None


@dataclass(frozen=True, slots=True)
class ListPairs:
    """Pairs, newest first; whom the page named is remembered."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, *, ended: bool, after: MentorshipId | None = None, limit: int = 50) -> PairList:
        """Those that ended, or those that go on."""
        actor.may(Action.READ_PEOPLE)
        now = self.clock.now()
        states = {MentorshipState.CLOSED} if ended else {MentorshipState.ACTIVE, MentorshipState.PAUSED}
        with self.work() as work:
            found = work.mentorships.page(states, after, limit + 1)
            shown = found[:limit]
            people = {p for one in shown for p in (*one.members, one.mentor) if p}
            names = work.desk.names(people)
            programs = {one.peer: work.border.name_of(one.peer) for one in shown if one.peer}
            remember_read(work, actor, names, now)
        lines = tuple(
            PairLine(
                id=one.id,
                state=one.state,
                opened_at=one.opened_at,
                mentees=tuple(names.get(member, "") for member in one.members),
                mentor=names.get(one.mentor, "") if one.mentor else "",
                program=programs[one.peer] if one.peer else "",
                met=one.held,
                last_met=max((meeting.held_on for meeting in one.meetings), default=None),
                review_on=one.agreement.review_on if one.agreement else None,
            )
            for one in shown
        )
        return PairList(at=now, lines=lines, after=shown[-1].id if len(found) > limit else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPairView:
    """One of her own pairs: with whom, and whether they still meet."""

    id: MentorshipId
    state: MentorshipState
    others: tuple[str, ...]
    program: str
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPageView:
    """What a participant finds on her own page."""

    at: datetime
    name: str
    pairs: tuple[OwnPairView, ...]


@dataclass(frozen=True, slots=True)
class ShowOwnPage:
    """A participant's own page."""

    reading: OpenWork
    clock: Clock

    def __call__(self, participant: Participant) -> OwnPageView:
        """Her pairs, those that go on first."""
        with self.reading() as work:
            mine = work.mentorships.of(participant.person)
            pairs = [_own(work, participant.person, one) for one in mine]
            name = work.people.get(participant.person).contact.name
        pairs.sort(key=lambda one: (one.state is MentorshipState.CLOSED, one.opened_at))
        return OwnPageView(at=self.clock.now(), name=name, pairs=tuple(pairs))


def _own(work: UnitOfWork, me: PersonId, mentorship: Mentorship) -> OwnPairView:
    others = tuple(one.reach.name for one in _people(work, mentorship) if one.id != me)
    return OwnPairView(
        id=mentorship.id,
        state=mentorship.state,
        others=others,
        program=work.border.name_of(mentorship.peer) if mentorship.peer else "",
        opened_at=mentorship.opened_at,
    )


def _people(work: UnitOfWork, mentorship: Mentorship) -> tuple[OneView, ...]:
    found = []
    for person in (*mentorship.members, *((mentorship.mentor,) if mentorship.mentor else ())):
        try:
            contact = work.people.get(person).contact
        except UnknownPersonError:
            continue  # she was erased, and her pair outlives her
        found.append(OneView(id=person, reach=reachable(contact), is_mentor=person == mentorship.mentor))
    return tuple(found)


def _note(work: UnitOfWork, who: Keeper, note: Note, names: dict[str, str]) -> NoteView:
    author = names.get(note.author, "") if not note.by_staff else work.users.get(UserId(note.author)).name
    return NoteView(
        id=note.id,
        author=author,
        by_staff=note.by_staff,
        mine=note.author == who.id,
        reach=note.reach,
        at=note.at,
        words=note.words,
        waits=note.waits,
    )
