"""Who reads a note about a pair, what still waits for a coordinator, and which meetings can be planned."""

from datetime import datetime, timedelta

import pytest

from node.domain.actor import Actor, Participant, Role, UserId
from node.domain.mentorship import MentorshipId
from node.domain.pair import Note, NoteError, NoteId, Plan, PlanError, PlanId, Reach
from node.domain.person import PersonId
from tests.support.clock import NOON

MENTEE, MENTOR = Participant(PersonId("mentee")), Participant(PersonId("mentor"))
STAFF = Actor(UserId("staff"), Role.COORDINATOR)


def note(reach: Reach, *, by_staff: bool = False, words: str = "Hard to find a day") -> Note:
    return Note(
        id=NoteId("note"),
        mentorship=MentorshipId("pair"),
        subject=MENTEE.person,
        author=STAFF.id if by_staff else MENTEE.id,
        by_staff=by_staff,
        reach=reach,
        at=NOON,
        words=words,
    )


@pytest.mark.parametrize(
    ("reach", "mentor", "staff"),
    [(Reach.PRIVATE, False, False), (Reach.SHARED, True, True), (Reach.COORDINATOR, False, True)],
)
def test_a_note_is_read_by_its_author_and_by_those_it_is_for(reach: Reach, mentor: bool, staff: bool) -> None:  # noqa: FBT001 - a row of the table
    assert note(reach).is_open_to(MENTEE)
    assert note(reach).is_open_to(MENTOR) is mentor
    assert note(reach).is_open_to(STAFF) is staff


def test_what_staff_write_among_themselves_is_read_by_no_participant() -> None:
    assert not note(Reach.COORDINATOR, by_staff=True).is_open_to(MENTEE)


def test_what_a_participant_tells_waits_until_somebody_has_seen_to_it() -> None:
    told = note(Reach.COORDINATOR)

    assert told.waits
    assert not told.settle(NOON).waits
    assert not note(Reach.SHARED).waits
    assert not note(Reach.COORDINATOR, by_staff=True).waits


@pytest.mark.parametrize("words", ["", "  ", "x" * 4_001])
def test_a_note_has_words_and_is_no_book(words: str) -> None:
    with pytest.raises(NoteError):
        note(Reach.SHARED, words=words)


@pytest.mark.parametrize(
    ("at", "minutes", "fine"),
    [
        (NOON + timedelta(days=1), 60, True),
        (NOON, 60, False),
        (NOON + timedelta(days=367), 60, False),
        (NOON + timedelta(days=1), 0, False),
        (NOON + timedelta(days=1), 1_441, False),
    ],
)
def test_a_meeting_is_planned_for_a_moment_to_come_within_a_year(at: datetime, minutes: int, fine: bool) -> None:  # noqa: FBT001 - a row of the table
    plan = Plan(
        id=PlanId("plan"),
        mentorship=MentorshipId("pair"),
        subject=MENTEE.person,
        at=at,
        minutes=minutes,
        where="Library",
    )

    if fine:
        plan.check(NOON)
    else:
        with pytest.raises(PlanError):
            plan.check(NOON)
