"""Mentees who wait, and whether anybody at home fits. Leaves who fits best to `suggesting`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from node.domain.actor import Action, Actor
from node.domain.community import CommunityId
from node.domain.drafts import DraftId, DraftState
from node.domain.matching.hard.bonds import Bonds
from node.domain.person import Person, PersonId
from node.services.matching.bench import Bench, Benches
from node.services.people import places
from node.services.ports import OpenWork, UnitOfWork
from node.services.remember import remember_read

PAGE = 30
_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingView:
    """One who waits: `fitting` mentors of a related occupation no rule keeps away, so many `free` with a seat."""

    mentee: PersonId
    name: str
    title_en: str
    title_fr: str
    community: str
    waiting_since: date
    weeks: int
    fitting: int
    free: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingPage:
    """Some of those who wait, how many wait in all, after whom the next page begins, and the draft in hand.

    `making_since` is when a draft was asked for that is still being made, `failed_since` one that could not be made.
    """

    at: datetime
    people: tuple[WaitingView, ...]
    total: int
    next_after: PersonId | None
    draft: DraftId | None
    making_since: datetime | None
    failed_since: datetime | None


@dataclass(frozen=True, slots=True)
class KeepReady:
    """Read the mentors, and weigh them for those who wait the longest, before somebody waits for a page of them."""

    reading: OpenWork
    benches: Benches

    def __call__(self, actor: Actor) -> None:
        """Nothing is told; what was found is remembered with the bench."""
        actor.may(Action.REVIEW)
        with self.reading() as work:
            pool = self.benches.of(work).pool
            waiting = work.people.several(work.desk.waiting(PAGE, None))
        for person in waiting.values():
            pool.open_to(person.as_candidate())
            pool.ranking(person.as_candidate())


@dataclass(frozen=True, slots=True)
class ShowWaiting:
    """Mentees who take part and meet nobody, the longest wait first, page by page, in the same few queries."""

    reading: OpenWork
    work: OpenWork
    benches: Benches

    def __call__(self, actor: Actor, after: PersonId | None = None) -> WaitingPage:
        """A page; whom it showed is remembered. Raises: the refusals of the rules."""
        actor.may(Action.REVIEW)
        now = self.benches.clock.now()
        with self.reading() as work:
            bench = self.benches.of(work)
            found = work.desk.waiting(PAGE + 1, after)
            shown = found[:PAGE]
            people, towns = work.people.several(shown), places(work)
            free = _free(bench, work.seats.taken(now))
            barred = self._barred(work, bench, shown)
            draft = work.drafts.last(DraftState.STAGED, DraftState.SIGNED)
            asked = work.drafts.asked()
            failed = asked is not None and asked.has_failed(now)
            page = WaitingPage(
                at=now,
                people=tuple(self._line(people[one], bench, free, barred.get(one, ()), towns) for one in shown),
                total=work.desk.count_waiting(),
                next_after=shown[-1] if len(found) > PAGE else None,
                draft=draft.id if draft else None,
                making_since=asked.at if asked and not failed else None,
                failed_since=asked.at if asked and failed else None,
            )
        with self.work() as work:
            remember_read(work, actor, shown, now)
        return page

    @staticmethod
    def _barred(work: UnitOfWork, bench: Bench, shown: Sequence[PersonId]) -> Mapping[PersonId, Sequence[int]]:
        """By mentee, the places of mentors whom a decision about that pair keeps away."""
        met = () if bench.scale.rules.limits.same_pair_again else work.mentorships.meetings(shown)
        bonds = Bonds(
            apart=work.exclusions.all(),
            pinned=work.pins.all(),
            before={(one.mentee, one.mentor) for one in met if one.mentor is not None},
        )
        barred: dict[PersonId, list[int]] = {}
        for mentee, mentor in bonds.apart | bonds.before:
            if mentor in bench.places and bonds.obstacle(mentee, mentor) is not None:
                barred.setdefault(mentee, []).append(bench.places[mentor])
        return barred

    def _line(
        self, person: Person, bench: Bench, free: list[bool], barred: Sequence[int], towns: Mapping[CommunityId, str]
    ) -> WaitingView:
        fitting = bench.pool.open_to(person.as_candidate())
        away = set(barred).intersection(fitting) if barred else ()
        occupation = self.benches.occupations.get(person.profile.occupation)
        since = person.profile.waiting_since or person.added_at.date()
        return WaitingView(
            mentee=person.id,
            name=person.contact.name,
            title_en=occupation.title_en,
            title_fr=occupation.title_fr,
            community=towns[person.profile.community],
            waiting_since=since,
            weeks=max(0, (self.benches.clock.now().date() - since).days // _WEEK),
            fitting=len(fitting) - len(away),
            free=sum(map(free.__getitem__, fitting)) - sum(free[place] for place in away),
        )


def _free(bench: Bench, taken: Mapping[PersonId, int]) -> list[bool]:
    """Whether the mentor of each place has a seat left."""
    return [seats > taken.get(mentor.id, 0) for seats, mentor in zip(bench.seats, bench.pool.mentors, strict=True)]
