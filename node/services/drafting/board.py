"""A draft as a board: mentors with their places, whom it leaves out, and what it is better and worse at than others."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from node.domain.actor import Action, Actor
from node.domain.drafts import (
    Draft,
    DraftId,
    DraftPair,
    DraftState,
    Figures,
    Unmatched,
    Why,
)
from node.domain.matching.points import TIERS
from node.domain.person import CIRCLE_LEAST, Person, PersonId
from node.domain.seat import Seats
from node.services.drafting.comparing import ComparisonView, against_last, one_by_one
from node.services.drafting.editing import chosen
from node.services.drafting.freshness import is_outdated
from node.services.drafting.moving import to_undo
from node.services.matching.bench import Bench, Benches
from node.services.people import places as places_of
from node.services.ports import Clock, OpenWork, UnitOfWork

CARDS = 24
LEFT = 24


class Show(StrEnum):
    """Which mentors of a board to show."""

    ALL = "all"
    FREE = "free"
    BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which part of a board: which mentors, after which of them, and after which mentee left out."""

    show: Show = Show.ALL
    cards_after: PersonId | None = None
    left_after: PersonId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatedView:
    """Somebody in a place of a card."""

    mentee: PersonId
    name: str
    title_en: str
    title_fr: str
    tier: int
    fit: int
    by_hand: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """One mentor: places that are in use, held for somebody of another program, given by this draft, and free.

    All places of a `circle` meet together; `circle_lacks` are the people it lacks to start.
    """

    mentor: PersonId
    name: str
    title_en: str
    title_fr: str
    community: str
    circle: bool
    circle_lacks: int
    seats: int
    used: int
    held: int
    free: int
    people: tuple[SeatedView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOutView:
    """Somebody whom the draft leaves without a mentor, and why."""

    mentee: PersonId
    name: str
    title_en: str
    title_fr: str
    tier: int
    why: Why
    cutoff: int | None
    own: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardView:
    """A draft in part: the rest of its mentors and of whom it leaves out is behind `next_card` and `next_left`.

    `by_tier` and `of_tier` count who has a mentor, and everybody, by how long they wait. `to_undo` is whose change is
    the next to be taken back. `second_person`: somebody else has to sign it off before it is published; `may_sign`:
    whoever asks could. `outdated`: people came, changed or went since, so that what it says may not hold any more.
    """

    id: DraftId
    state: DraftState
    version: int
    made_at: datetime
    made_by: str
    edited_by: str
    signed_by: str
    second_person: bool
    may_sign: bool
    outdated: bool
    figures: Figures
    matched: int
    fit: int
    by_tier: tuple[int, ...]
    of_tier: tuple[int, ...]
    by_hand: int
    to_undo: str
    simple: ComparisonView | None
    last: ComparisonView | None
    wanted: Wanted
    cards: tuple[CardView, ...]
    cards_in_all: int
    next_card: PersonId | None
    left: tuple[LeftOutView, ...]
    left_in_all: int
    left_why: tuple[tuple[Why, int], ...]
    next_left: PersonId | None


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What a board is made of."""

    pairs: tuple[DraftPair, ...]
    left: tuple[Unmatched, ...]
    seats: Mapping[PersonId, Seats]
    by_mentor: Mapping[PersonId, list[DraftPair]]

    def free(self, mentor: PersonId) -> int:
        """Places of a mentor that the draft leaves free."""
        return max(0, self.seats[mentor].free - len(self.by_mentor.get(mentor, ())))

    def shows(self, mentor: PersonId, show: Show) -> bool:
        """Whether a mentor belongs to this part of the board."""
        if show is Show.FREE:
            return self.free(mentor) > 0
        people = self.by_mentor.get(mentor, ())
        if show is Show.BY_HAND:
            return any(pair.by_hand for pair in people)
        return bool(people) or self.free(mentor) > 0


@dataclass(frozen=True, slots=True)
class ShowBoard:
    """One draft as a board, part by part; however large it is, it takes the same few queries."""

    reading: OpenWork
    clock: Clock
    benches: Benches

    def __call__(self, actor: Actor, draft: DraftId, wanted: Wanted) -> BoardView:
        """The board. Raises: UnknownDraftError."""
        actor.may(Action.REVIEW)
        with self.reading() as work:
            found = chosen(work, draft)
            sheet = _sheet(work, found, self.benches.of(work), self.clock.now())
            mentors = [mentor for mentor in sorted(sheet.seats) if sheet.shows(mentor, wanted.show)]
            cards, next_card = _page(mentors, wanted.cards_after, CARDS)
            ordered = {one.mentee: one for one in sorted(sheet.left, key=lambda one: (one.tier, one.mentee))}
            left, next_left = _page(list(ordered), wanted.left_after, LEFT)
            simple = one_by_one(found, sheet.pairs, sheet.left)
            last = work.drafts.before(found)
            earlier = against_last(work.drafts.pairs(last.id), sheet.pairs, sheet.left) if last else None
            compared = {person for view in (simple, earlier) if view for person in view.people()}
            seated = {pair.mentee for mentor in cards for pair in sheet.by_mentor.get(mentor, ())}
            changes = work.drafts.changes(found.id)
            undo = to_undo(found, changes)
            people = work.people.several({*cards, *seated, *left, *compared, *([undo] if undo else [])})
            staff = {user.id: user.name for user in work.users.all()}
            named = {person: one.contact.name for person, one in people.items()}
            towns = places_of(work)
            return BoardView(
                id=found.id,
                state=found.state,
                version=found.version,
                made_at=found.made_at,
                made_by=staff.get(found.made_by, ""),
                edited_by=staff.get(found.edited_by, "") if changes else "",
                signed_by=staff.get(found.signed_by, "") if found.signed_by else "",
                second_person=self.benches.rules.read().drafts.second_person,
                may_sign=actor.id not in {found.made_by, found.edited_by},
                outdated=is_outdated(work, found),
                figures=found.figures,
                matched=len(sheet.pairs),
                fit=sum(pair.fit for pair in sheet.pairs),
                by_tier=_by_tier(sheet.pairs),
                of_tier=_by_tier((*sheet.pairs, *sheet.left)),
                by_hand=sum(pair.by_hand for pair in sheet.pairs),
                to_undo=named.get(undo, "") if undo else "",
                simple=simple.named(named) if simple else None,
                last=earlier.named(named) if earlier else None,
                wanted=wanted,
                cards=tuple(self._card(sheet, people, towns[people[m].profile.community], m) for m in cards),
                cards_in_all=len(mentors),
                next_card=next_card,
                left=tuple(self._left(ordered[mentee], people[mentee]) for mentee in left),
                left_in_all=len(ordered),
                left_why=tuple(sorted(Counter(one.why for one in sheet.left).items())),
                next_left=next_left,
            )

    def _card(self, sheet: _Sheet, people: Mapping[PersonId, Person], town: str, mentor: PersonId) -> CardView:
        person, seats, pairs = people[mentor], sheet.seats[mentor], sheet.by_mentor.get(mentor, ())
        titles = self.benches.occupations.get(person.profile.occupation)
        return CardView(
            mentor=mentor,
            name=person.contact.name,
            title_en=titles.title_en,
            title_fr=titles.title_fr,
            community=town,
            circle=person.profile.carries_circle,
            circle_lacks=max(0, CIRCLE_LEAST - seats.used - len(pairs)) if person.profile.carries_circle else 0,
            seats=seats.total,
            used=seats.used,
            held=seats.held,
            free=sheet.free(mentor),
            people=tuple(self._seated(pairs, people)),
        )

    def _seated(self, pairs: Iterable[DraftPair], people: Mapping[PersonId, Person]) -> Iterator[SeatedView]:
        for pair in pairs:
            person = people[pair.mentee]
            titles = self.benches.occupations.get(person.profile.occupation)
            yield SeatedView(
                mentee=pair.mentee,
                name=person.contact.name,
                title_en=titles.title_en,
                title_fr=titles.title_fr,
                tier=pair.tier,
                fit=pair.fit,
                by_hand=pair.by_hand,
            )

    def _left(self, one: Unmatched, person: Person) -> LeftOutView:
        titles = self.benches.occupations.get(person.profile.occupation)
        return LeftOutView(
            mentee=one.mentee,
            name=person.contact.name,
            title_en=titles.title_en,
            title_fr=titles.title_fr,
            tier=one.tier,
            why=one.why,
            cutoff=one.cutoff,
            own=one.own,
        )


def _sheet(work: UnitOfWork, draft: Draft, bench: Bench, now: datetime) -> _Sheet:
    pairs = work.drafts.pairs(draft.id)
    by_mentor: dict[PersonId, list[DraftPair]] = {}
    for pair in pairs:
        by_mentor.setdefault(pair.mentor, []).append(pair)
    offered = dict(zip(bench.places, bench.seats, strict=True))
    seats = {
        mentor: found if total == found.total else replace(found, total=total)
        for mentor, found in work.seats.free(now).items()
        if (total := offered.get(mentor, found.total if mentor in by_mentor else None)) is not None
    }
    if draft.state is DraftState.PUBLISHED:
        # Its own people sit there now: they are shown once.
        for mentor, people in by_mentor.items():
            seats[mentor] = replace(seats[mentor], used=max(0, seats[mentor].used - len(people)))
    return _Sheet(pairs, work.drafts.unmatched(draft.id), seats, by_mentor)


def _page(ids: list[PersonId], after: PersonId | None, most: int) -> tuple[list[PersonId], PersonId | None]:
    """So many of them behind one; the beginning where that one is not there any more."""
    start = ids.index(after) + 1 if after in ids else 0
    shown = ids[start : start + most]
    return shown, shown[-1] if len(ids) > start + most else None


def _by_tier(people: Iterable[DraftPair | Unmatched]) -> tuple[int, ...]:
    counted = Counter(one.tier for one in people)
    return tuple(counted[tier] for tier in range(TIERS))
