"""Which own mentees may post a card, and what it would say. The coordinator and the mentee decide whether they do."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from node.domain.assignment import Offering, Pair, Problem
from node.domain.assignment import Waiting as Row
from node.domain.language import TALKING
from node.domain.person import Candidate, OccupationCode
from node.domain.rounds.card import OFFICIAL
from node.domain.rounds.room import Assign, Room
from protocol.vocabulary import Mode

COMPANY = 5
"""A language is said on a card only where so many cards of the last 13 batches share it with the occupation."""

Shared = Callable[[OccupationCode, str], int]
"""How many cards of the last 13 batches say this occupation and this language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a card for this mentee would say; `language` None says that English or French is fine."""

    mentee: Candidate
    occupation: OccupationCode
    language: str | None
    tier: int
    mode: Mode


def needs(room: Room, shared: Shared, assign: Assign) -> tuple[Need, ...]:
    """Own mentees for whom no mentor of their very occupation here has a seat, and who can be described on a card.

    Somebody who only meets in person cannot be served from elsewhere; somebody who speaks neither English nor French
    can only be described where enough other cards name her language.
    """
    return tuple(_needs(room, shared, _served_here(room, assign)))


def _needs(room: Room, shared: Shared, served: Collection[str]) -> Iterator[Need]:
    for waiting in room.mentees:
        mentee, profile = waiting.person, waiting.person.profile
        if waiting.card_age is not None or profile.mode is Mode.IN_PERSON or not mentee.taking_part:
            continue
        talks = {spoken.code for spoken in profile.languages if spoken.level >= TALKING}
        said = None if talks & set(OFFICIAL) else _said(profile.occupation, talks, shared)
        if said is None and not talks & set(OFFICIAL):
            continue
        if mentee.id not in served:
            yield Need(
                mentee=mentee,
                occupation=profile.occupation,
                language=said,
                tier=room.tier(mentee),
                mode=profile.mode,
            )


def _said(occupation: OccupationCode, talks: set[str], shared: Shared) -> str | None:
    """The language that most cards share with the occupation, if they are enough."""
    often = sorted((-shared(occupation, code), code) for code in talks)
    return often[0][1] if often and -often[0][0] >= COMPANY else None


def _served_here(room: Room, assign: Assign) -> Collection[str]:
    """Those who get the free seats of mentors of their unit group, when the longest waits come first.

    For the others these seats are as good as taken, and they should not learn that only after seats elsewhere are.
    """
    here = [waiting.person for waiting in room.mentees if waiting.card_age is None and waiting.person.taking_part]
    problem = Problem(
        mentees=tuple(Row(mentee.id, room.tier(mentee)) for mentee in here),
        mentors=tuple(Offering(holder.person.id, holder.free) for holder in room.mentors),
        pairs=tuple(pair for mentee in here for pair in _exact(room, mentee)),
    )
    return {mentee for mentee, _ in assign(problem).pairs}


def _exact(room: Room, mentee: Candidate) -> Iterator[Pair]:
    """Each mentor of the same unit group who could take her."""
    if not room.pool.has_exact(mentee.profile.occupation):
        return
    for place, fit in room.pool.allowed(mentee):
        holder = room.mentors[place]
        mentor = holder.person
        open_to = holder.free > 0 and mentor.taking_part and not room.bonds.obstacle(mentee.id, mentor.id)
        if open_to and mentor.profile.occupation == mentee.profile.occupation:
            yield mentee.id, mentor.id, fit
