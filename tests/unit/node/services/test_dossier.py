"""The one thing to do next for a person."""

from dataclasses import replace
from datetime import date

import pytest

from node.domain.consent import Purpose
from node.domain.mentorship import Mentorship, MentorshipId, MentorshipState, Place
from node.domain.person import Person, PersonState, Visibility
from node.domain.seat import Seats
from node.services.dossier import NextStep, next_step
from tests.support.clock import NOON
from tests.support.node import a_mentor, a_person

MENTEE, MENTOR = a_person(), a_mentor()
MEETS = Mentorship(id=MentorshipId("m"), place=Place.LOCAL, opened_at=NOON, mentor=MENTOR.id, members=(MENTEE.id,))
LISTED = replace(MENTOR, profile=replace(MENTOR.profile, visibility=Visibility.LISTED))


@pytest.mark.parametrize(
    ("person", "seats", "yeses", "meets", "step"),
    [
        (replace(MENTEE, state=PersonState.LEFT), None, set(), (), NextStep.NOTHING),
        (replace(MENTEE, state=PersonState.PAUSED), None, set(), (), NextStep.SAY_WHEN_BACK),
        (
            replace(MENTEE, state=PersonState.PAUSED, paused_until=date(2027, 9, 1)),
            None,
            set(),
            (),
            NextStep.BACK_WHEN_DUE,
        ),
        (MENTEE, None, set(), (), NextStep.ASK_OUTSIDE_YES),
        (MENTEE, None, {Purpose.OUTSIDE}, (), NextStep.FIND_MENTOR),
        (MENTEE, None, {Purpose.OUTSIDE}, (MEETS,), NextStep.KEEP_GOING),
        (MENTEE, None, set(), (replace(MEETS, state=MentorshipState.CLOSED),), NextStep.ASK_OUTSIDE_YES),
        (MENTOR, Seats(1, 0, 0), set(), (), NextStep.WAITS_FOR_MENTEE),
        (MENTOR, Seats(1, 0, 1), set(), (), NextStep.SEATS_FULL),
        (LISTED, Seats(1, 0, 0), set(), (), NextStep.ASK_LISTING_YES),
        (LISTED, Seats(1, 0, 0), {Purpose.LISTING}, (), NextStep.WAITS_FOR_MENTEE),
    ],
)
def test_a_person_has_one_next_step(
    person: Person, seats: Seats | None, yeses: set[Purpose], meets: tuple[Mentorship, ...], step: NextStep
) -> None:
    assert next_step(person, seats, yeses, (), meets) is step
