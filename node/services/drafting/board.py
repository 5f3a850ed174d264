"""A draft as a board: mentors with their places, whom it leaves out, and what it is better and worse at than others."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from node.domain.actor import Action, Actor
from node.domain.drafts import (
    Draft,
    DraftId,
    DraftPair,
    DraftState,
    Unmatched,
    Why,
)
from node.domain.matching.points import TIERS
from node.domain.person import CIRCLE_LEAST, Person, PersonId
from node.domain.seat import Seats
from node.services.drafting.board_views import BoardView, CardView, LeftOutView, SeatedView, Show, Wanted
from node.services.drafting.counting import Counts
from node.services.drafting.editing import chosen
from node.services.drafting.freshness import is_outdated
from node.services.drafting.moving import to_undo
from node.services.matching.bench import Bench, Benches, free_seats
from node.services.people import places as places_of
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.ports.draft_boards import Filled, Tally
from node.services.remember import remember_read

CARDS = 24
LEFT = 24
_NOBODY = Filled(0, 0)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What a board is made of: places that nobody has yet, and how many of them the draft fills."""

    free_now: Mapping[PersonId, int]
    filled: Mapping[PersonId, Filled]

    def free(self, mentor: PersonId) -> int:
        """Places of a mentor that the draft leaves free."""
        return max(0, self.free_now[mentor] - self.filled.get(mentor, _NOBODY).people)

    def beside(self, draft: Draft, mentor: PersonId, seats: Seats) -> Seats:
        """Places of a mentor without the people whom the draft shows: once it is published they sit there."""
        own = self.filled.get(mentor, _NOBODY).people if draft.state is DraftState.PUBLISHED else 0
        return replace(seats, used=max(0, seats.used - own))

    def mentors(self, show: Show) -> list[PersonId]:
        """Mentors of this part of the board, in the order of their ids."""
        if show is Show.BY_HAND:
            return sorted(mentor for mentor, found in self.filled.items() if found.by_hand)
        free = {mentor for mentor in self.free_now if self.free(mentor)}
        return sorted(free if show is Show.FREE else free | self.filled.keys())


@dataclass(frozen=True, slots=True)
class ShowBoard:
    """One draft as a board, part by part; however large it is, it takes the same few queries.

    That somebody read of those who are shown is remembered.
    """

    work: OpenWork
    clock: Clock
    benches: Benches
    counts: Counts

    def __call__(self, actor: Actor, draft: DraftId, wanted: Wanted) -> BoardView:
        """The board. Raises: UnknownDraftError."""
        actor.may(Action.REVIEW)
        now = self.clock.now()
        with self.work() as work:
            found, boards = chosen(work, draft), work.drafts.boards
            bench, rules = self.benches.of(work), self.benches.rules.read()
            counted = self.counts.of(work, bench, found)
            sheet = _sheet(work, found, counted.filled, bench, now)
            mentors = sheet.mentors(wanted.show)
            cards, next_card = _page(mentors, wanted.cards_after)
            waiting = boards.left(found.id, wanted.left_after, LEFT + 1)
            left = waiting[:LEFT]
            simple, last = counted.simple, counted.last
            compared = {person for one in (simple, last) if one for person in one.people()}
            seated: dict[PersonId, list[DraftPair]] = {mentor: [] for mentor in cards}
            for pair in boards.seated(found.id, cards):
                seated[pair.mentor].append(pair)
            changes = work.drafts.changes(found.id)
            undo = to_undo(found, changes)
            shown = {*cards, *(pair.mentee for pairs in seated.values() for pair in pairs)}
            shown |= {one.mentee for one in left}
            people = work.people.several(shown)
            mentioned = (compared | ({undo} if undo else set())) - shown
            remember_read(work, actor, shown | mentioned, now)
            staff = {user.id: user.name for user in work.users.all()}
            named = {**work.desk.names(mentioned), **{person: one.contact.name for person, one in people.items()}}
            towns, seats = places_of(work), work.seats.free(now, cards)
            matched = [one for one in counted.tallies if one.why is None]
            return BoardView(
                id=found.id,
                state=found.state,
                version=found.version,
                made_at=found.made_at,
                made_by=staff.get(found.made_by, ""),
                edited_by=staff.get(found.edited_by, "") if changes else "",
                signed_by=staff.get(found.signed_by, "") if found.signed_by else "",
                second_person=rules.drafts.second_person,
                may_sign=actor.id not in {found.made_by, found.edited_by},
                outdated=is_outdated(work, found, rules),
                figures=found.figures,
                matched=sum(one.people for one in matched),
                fit=sum(one.fit for one in matched),
                by_tier=_by_tier(matched),
                of_tier=_by_tier(counted.tallies),
                by_hand=sum(one.by_hand for one in matched),
                to_undo=named.get(undo, "") if undo else "",
                simple=simple.named(named) if simple else None,
                last=last.named(named) if last else None,
                wanted=wanted,
                cards=tuple(
                    self._card(
                        people[mentor],
                        towns[people[mentor].profile.community],
                        sheet.beside(found, mentor, seats[mentor]),
                        sheet.free(mentor),
                        self._seated(seated[mentor], people),
                    )
                    for mentor in cards
                ),
                cards_in_all=len(mentors),
                next_card=next_card,
                left=tuple(self._left(one, people[one.mentee]) for one in left),
                left_in_all=sum(one.people for one in counted.tallies if one.why is not None),
                left_why=_by_why(counted.tallies),
                next_left=left[-1].mentee if len(waiting) > LEFT else None,
            )

    def _card(self, person: Person, town: str, seats: Seats, free: int, seated: Iterable[SeatedView]) -> CardView:
        people = tuple(seated)
        titles = self.benches.occupations.get(person.profile.occupation)
        return CardView(
            mentor=person.id,
            name=person.contact.name,
            title_en=titles.title_en,
            title_fr=titles.title_fr,
            community=town,
            circle=person.profile.carries_circle,
            circle_lacks=max(0, CIRCLE_LEAST - seats.used - len(people)) if person.profile.carries_circle else 0,
            seats=seats.total,
            used=seats.used,
            held=seats.held,
            free=free,
            people=people,
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


def _sheet(work: UnitOfWork, draft: Draft, filled: Mapping[PersonId, Filled], bench: Bench, now: datetime) -> _Sheet:
    free = dict(zip(bench.places, free_seats(work, bench, now), strict=True))
    resting = filled.keys() - free.keys()
    if resting:
        free |= {mentor: seats.free for mentor, seats in work.seats.free(now, resting).items()}
    if draft.state is DraftState.PUBLISHED:
        # Its own people sit there now: they are shown once.
        free |= {mentor: free[mentor] + found.people for mentor, found in filled.items()}
    return _Sheet(free, filled)


def _page(ids: list[PersonId], after: PersonId | None) -> tuple[list[PersonId], PersonId | None]:
    """The cards behind one mentor; the beginning where that one is not there any more."""
    start = ids.index(after) + 1 if after in ids else 0
    shown = ids[start : start + CARDS]
    return shown, shown[-1] if len(ids) > start + CARDS else None


def _by_tier(tallies: Iterable[Tally]) -> tuple[int, ...]:
    counted = Counter[int]()
    for one in tallies:
        counted[one.tier] += one.people
    return tuple(counted[tier] for tier in range(TIERS))


def _by_why(tallies: Iterable[Tally]) -> tuple[tuple[Why, int], ...]:
    counted = Counter[Why]()
    for one in tallies:
        if one.why is not None:
            counted[one.why] += one.people
    return tuple(sorted(counted.items()))
