"""Goals, meetings and ends of those who meet."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from node.domain.mentorship import (
    Agreement,
    Goal,
    GoalsError,
    GoalState,
    Meeting,
    MeetingError,
    Mentorship,
    MentorshipClosedError,
    MentorshipId,
    MentorshipState,
    Place,
    Step,
    StepsError,
    UnknownGoalError,
    UnknownMentorshipError,
)
from node.domain.person import PersonId
from protocol.vocabulary import Outcome, Progress
from tests.support.clock import NOON

TODAY = NOON.date()
GOAL = Goal(words="Pass the exam", due_on=date(2027, 6, 1))
AGREEMENT = Agreement(words="Mondays", review_on=date(2027, 4, 1), goals=(GOAL, GOAL))
PAIR = Mentorship(
    id=MentorshipId("pair"),
    place=Place.LOCAL,
    opened_at=NOON,
    mentor=PersonId("mentor"),
    members=(PersonId("mentee"),),
)


@pytest.mark.parametrize("count", [0, 6])
def test_an_agreement_has_one_to_five_goals(count: int) -> None:
    with pytest.raises(GoalsError):
        Agreement(words="", review_on=TODAY, goals=(GOAL,) * count)


def test_a_goal_is_settled_by_its_number() -> None:
    agreement = PAIR.agree(AGREEMENT).settle(2, GoalState.REACHED).agreement

    assert agreement is not None
    assert [goal.state for goal in agreement.goals] == [GoalState.OPEN, GoalState.REACHED]


def test_a_goal_that_was_not_agreed_cannot_be_settled() -> None:
    with pytest.raises(UnknownGoalError):
        PAIR.settle(1, GoalState.REACHED)
    for number in (0, 3):
        with pytest.raises(UnknownGoalError):
            PAIR.agree(AGREEMENT).settle(number, GoalState.REACHED)


def test_meetings_are_counted_and_their_minutes_added() -> None:
    met = PAIR.meet(Meeting(held_on=TODAY, minutes=40), TODAY).meet(Meeting(held_on=TODAY, minutes=50), TODAY)

    assert (met.held, met.minutes) == (2, 90)


@pytest.mark.parametrize(("ahead", "minutes"), [(1, 30), (0, 0), (0, 1441)])
def test_a_meeting_was_held_on_a_day_that_is_past_and_took_some_minutes(ahead: int, minutes: int) -> None:
    with pytest.raises(MeetingError):
        PAIR.meet(Meeting(held_on=TODAY + timedelta(days=ahead), minutes=minutes), TODAY)


def test_what_the_other_program_tells_counts_where_it_knows_more() -> None:
    met = PAIR.meet(Meeting(held_on=TODAY, minutes=40), TODAY)

    assert met.told(Progress.FIRST_MEETING_HELD, 3, NOON).held == 3
    assert met.told(Progress.PAUSED, 0, NOON).state is MentorshipState.PAUSED
    assert met.told(Progress.PAUSED, 0, NOON).held == 1


def test_what_has_ended_ends_once_and_still_hears_late_counts() -> None:
    closed = PAIR.close(Outcome.COMPLETED, NOON)

    assert (closed.state, closed.outcome, closed.closed_at) == (MentorshipState.CLOSED, Outcome.COMPLETED, NOON)
    assert closed.told(Progress.PAUSED, 2, NOON) == replace(closed, told_meetings=2, heard_at=NOON)
    with pytest.raises(MentorshipClosedError):
        closed.close(Outcome.FOUND_WORK, NOON)


def test_the_words_are_kept_under_a_mentee_else_under_the_mentor() -> None:
    assert PAIR.subject == "mentee"
    assert replace(PAIR, members=()).subject == "mentor"


def test_a_pair_that_rests_goes_on_later_and_one_that_ended_does_not() -> None:
    resting = PAIR.rest(paused=True)

    assert resting.state is MentorshipState.PAUSED
    assert resting.rest(paused=False) == PAIR
    with pytest.raises(MentorshipClosedError):
        PAIR.close(Outcome.COMPLETED, NOON).rest(paused=True)


def test_a_step_is_ticked_and_unticked_and_nothing_else_changes() -> None:
    goal = replace(GOAL, steps=(Step("Read the guide"), Step("Register")))
    agreed = PAIR.agree(replace(AGREEMENT, goals=(GOAL, goal)))

    ticked = agreed.tick(2, 2, done=True)

    assert ticked.agreement
    assert ticked.agreement.goals[1].steps == (Step("Read the guide"), Step("Register", done=True))
    assert ticked.tick(2, 2, done=False) == agreed


@pytest.mark.parametrize(("goal", "step"), [(1, 1), (2, 0), (2, 2), (3, 1)])
def test_a_step_that_is_not_there_is_refused(goal: int, step: int) -> None:
    agreed = PAIR.agree(replace(AGREEMENT, goals=(GOAL, replace(GOAL, steps=(Step("One"),)))))

    with pytest.raises(UnknownGoalError):
        agreed.tick(goal, step, done=True)


def test_a_goal_has_at_most_eight_steps() -> None:
    with pytest.raises(StepsError):
        replace(GOAL, steps=(Step("Small"),) * 9)


def test_words_about_a_pair_are_kept_under_somebody_who_is_still_here() -> None:
    assert PAIR.kept_under() == "mentee"
    assert PAIR.includes(PersonId("mentor"))
    assert not PAIR.includes(PersonId("somebody"))
    with pytest.raises(UnknownMentorshipError):
        replace(PAIR, mentor=None, members=()).kept_under()
