"""What the program brings to a round: who waits, whose seats are free, and who was asked what lately."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from node.domain.card import Question
from node.domain.matching.hard.bonds import Bonds
from node.domain.matching.rules import PUBLIC
from node.domain.person import Candidate, Kind, PersonId
from node.domain.rounds.answering import rests_until
from node.domain.rounds.room import Room, SeatHolder, Waiting
from node.services.board.shown import recent
from node.services.matching.bench import Benches
from node.services.ports import UnitOfWork

LATELY = timedelta(weeks=13)


def room_of(work: UnitOfWork, benches: Benches, now: datetime, waiting: tuple[Waiting, ...]) -> Room:
    """The program at this moment, with these mentees; weighed by the rules that are the same everywhere."""
    pool = benches.under(work, PUBLIC).pool
    taken = work.seats.taken(now)
    asked: dict[PersonId, list[Question]] = {}
    for question in work.cards.questions():
        asked.setdefault(question.mentor, []).append(question)
    return Room(
        pool=pool,
        mentees=waiting,
        mentors=tuple(
            _holder(mentor, taken.get(mentor.id, 0), asked.get(mentor.id, []), now) for mentor in pool.mentors
        ),
        bonuses=work.border.board.bonuses(),
        bonds=Bonds(apart=work.exclusions.all(), pinned=work.pins.all(), before=frozenset(_before(work))),
        asked=frozenset((question.card, mentor) for mentor, found in asked.items() for question in found),
        set_aside=tuple(_set_aside(work, {mentor.id: asked.get(mentor.id, []) for mentor in pool.mentors})),
    )


def _set_aside(work: UnitOfWork, asked: Mapping[PersonId, Sequence[Question]]) -> Iterator[PersonId]:
    """Mentors whose seats were set aside in the running week, however often the round is looked at in it."""
    since = max(work.border.board.released(), default=None)
    for mentor, questions in asked.items():
        for question in questions:
            if question.seat is not None and (since is None or question.asked_at > since):
                yield mentor


def waiting_mentees(work: UnitOfWork) -> tuple[Candidate, ...]:
    """Active mentees without a match, and without a seat that is being agreed on."""
    busy = work.mentorships.busy() | _being_seated(work)
    return tuple(mentee for mentee in work.people.candidates(Kind.MENTEE) if mentee.id not in busy)


def count_waiting(work: UnitOfWork) -> int:
    """How many they are; nobody is read for it."""
    return work.desk.count_waiting(_being_seated(work))


def _being_seated(work: UnitOfWork) -> frozenset[PersonId]:
    requests = work.desk.requests()
    return frozenset(one.person for one in requests if one.person and one.offer is not None)


def waiting_with_cards(work: UnitOfWork) -> tuple[Waiting, ...]:
    """Everybody who waits, with the age of her card where she has one."""
    released = work.border.board.released()
    shown = {card.id: card.age(released) for card in recent(work)}
    ages = {own.person: shown.get(own.id, 0) for own in work.postings.all() if own.ended_at is None}
    return tuple(Waiting(person=mentee, card_age=ages.get(mentee.id)) for mentee in waiting_mentees(work))


def holder_of(work: UnitOfWork, mentor: Candidate, now: datetime) -> SeatHolder:
    """One mentor."""
    return _holder(mentor, work.seats.taken(now).get(mentor.id, 0), work.cards.asked(mentor.id), now)


def _holder(mentor: Candidate, taken: int, asked: list[Question] | tuple[Question, ...], now: datetime) -> SeatHolder:
    return SeatHolder(
        person=mentor,
        free=max(0, mentor.profile.seats - taken),
        questions=sum(question.asked_at > now - LATELY for question in asked),
        rests_until=rests_until((question.asked() for question in asked), now.date()),
    )


def _before(work: UnitOfWork) -> Iterator[tuple[PersonId, PersonId]]:
    for met in work.mentorships.meetings():
        if met.mentor is not None:
            yield met.mentee, met.mentor
