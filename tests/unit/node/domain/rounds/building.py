"""Rooms and cards for tests of rounds: a few people, said in one line each."""

from collections.abc import Sequence
from datetime import date, timedelta

from node.domain.community import CommunityId
from node.domain.language import Spoken
from node.domain.matching.bearings import Bearings
from node.domain.matching.hard.bonds import Bonds
from node.domain.matching.points import USUAL, Bonuses
from node.domain.matching.pool import Pool
from node.domain.matching.rules import PUBLIC
from node.domain.matching.scale import Scale
from node.domain.occupation import Kinship, nearness
from node.domain.person import Candidate, OccupationCode, PersonId, Profile, Visibility
from node.domain.rounds.card import Card
from node.domain.rounds.room import Room, SeatHolder, Waiting
from protocol.ids import Digest
from protocol.vocabulary import Mode

TODAY = date(2027, 3, 1)
ENGINEER, SURVEYOR, COOK = OccupationCode("21300"), OccupationCode("21301"), OccupationCode("63200")


def likeness(one: OccupationCode, other: OccupationCode) -> tuple[float, Kinship]:
    """The same, the same first three digits, or apart."""
    return 1.0 if one == other else 0.5 if one[:3] == other[:3] else 0.0, Kinship(nearness(one, other))


SCALE = Scale(PUBLIC, Bearings(today=TODAY, likeness=likeness))


def mentee(
    name: str, work: OccupationCode = ENGINEER, weeks: int = 1, languages: str = "en", mode: Mode = Mode.EITHER
) -> Candidate:
    return Candidate(
        id=PersonId(name),
        profile=Profile(
            community=CommunityId("here"),
            occupation=work,
            languages=tuple(Spoken(code, 8) for code in languages.split()),
            mode=mode,
            waiting_since=TODAY - timedelta(weeks=weeks),
        ),
    )


def mentor(
    name: str,
    work: OccupationCode = ENGINEER,
    *,
    free: int = 1,
    visibility: Visibility = Visibility.ASK_FIRST,
    questions: int = 0,
    rests_until: date | None = None,
    taking_part: bool = True,
    mode: Mode = Mode.EITHER,
) -> SeatHolder:
    profile = Profile(
        community=CommunityId("here"),
        occupation=work,
        languages=(Spoken("en"),),
        mode=mode,
        seats=max(free, 1),
        visibility=visibility,
    )
    person = Candidate(id=PersonId(name), profile=profile, taking_part=taking_part)
    return SeatHolder(person=person, free=free, questions=questions, rests_until=rests_until)


def room(
    mentees: Sequence[Candidate | Waiting] = (),
    mentors: Sequence[SeatHolder] = (),
    *,
    bonuses: Bonuses = USUAL,
    bonds: Bonds | None = None,
    asked: frozenset[tuple[Digest, PersonId]] = frozenset(),
    set_aside: Sequence[str] = (),
) -> Room:
    waiting = tuple(one if isinstance(one, Waiting) else Waiting(person=one) for one in mentees)
    pool = Pool(SCALE, [holder.person for holder in mentors])
    return Room(
        pool=pool,
        mentees=waiting,
        mentors=tuple(mentors),
        bonuses=bonuses,
        bonds=bonds or Bonds(),
        asked=asked,
        set_aside=tuple(map(PersonId, set_aside)),
    )


def card(name: str, work: OccupationCode = ENGINEER, tier: int = 2, age: int = 0, language: str | None = None) -> Card:
    return Card(id=Digest(name), occupation=work, tier=tier, age=age, language=language)
