"""The page of a pair, for both people and for their coordinators: the same routes under two addresses."""

from datetime import UTC, datetime, timedelta

from fastapi import APIRouter
from starlette.responses import Response

from node.domain.errors import ChangedMeanwhileError
from node.domain.mentorship import (
    MOST_GOALS,
    Agreement,
    Goal,
    GoalsError,
    GoalState,
    MeetingError,
    MentorshipId,
    Step,
    StepsError,
)
from node.domain.pair import NoteError, PlanError, PlanId, Reach
from node.services.mentorship.pair import PairView
from node.web.downloads import attachment
from node.web.forms import FieldError, Typed, TypedHere
from node.web.own import Seat, SeatForm, SeatHere, SeatToKeep
from protocol.vocabulary import Outcome

router = APIRouter()
LONG_AGO = datetime.min.replace(tzinfo=UTC)
REVIEW_AFTER = timedelta(days=91)
GOAL_AFTER = timedelta(days=60)
_CALENDAR = "text/calendar; charset=utf-8"


def _show(seat: Seat, pair: PairView, typed: Typed | None = None, *errors: FieldError) -> Response:
    base = f"{seat.base}/{pair.mentorship.id}"
    return seat.page("pair/pair.html", pair=pair, errors=errors, base=base, typed=typed or Typed())


@router.get("/{mentorship}")
def show(seat: SeatHere, mentorship: MentorshipId) -> Response:
    """Everything about the pair that is theirs to read."""
    return _show(seat, seat.services.mentorships.pair(seat.who, mentorship))


@router.get("/{mentorship}/agreement")
def agreement(seat: SeatToKeep, mentorship: MentorshipId) -> Response:
    """The form of what they agree on."""
    pair = seat.services.mentorships.pair(seat.who, mentorship)
    return _agreement(seat, pair, _as_typed(pair))


@router.post("/{mentorship}/agreement")
def agree(seat: SeatForm, mentorship: MentorshipId, typed: TypedHere) -> Response:
    """Write down what they agreed on."""
    verbs = seat.services.mentorships
    pair = verbs.pair(seat.who, mentorship)
    errors = _missing(seat, typed)
    if errors:
        return _agreement(seat, pair, typed, *errors)
    try:
        verbs.agree(seat.who, mentorship, _agreed(typed, pair), typed.number("version"))
    except (GoalsError, StepsError) as refusal:
        return _agreement(seat, pair, typed, *seat.refused("goal-1", refusal))
    except ChangedMeanwhileError:
        return _agreement(seat, pair, typed, FieldError("words", seat.say("form.changed")))
    return seat.on(f"{seat.base}/{mentorship}", done="pair-agreed")


@router.post("/{mentorship}/goals/{goal}/{state}")
def settle(seat: SeatForm, mentorship: MentorshipId, goal: int, state: GoalState) -> Response:
    """What became of a goal."""
    seat.services.mentorships.settle(seat.who, mentorship, goal, state)
    return seat.on(f"{seat.base}/{mentorship}", done="pair-goal")


@router.post("/{mentorship}/goals/{goal}/steps/{step}")
def tick(seat: SeatForm, mentorship: MentorshipId, goal: int, step: int, typed: TypedHere) -> Response:
    """A step was taken, or was not after all."""
    seat.services.mentorships.tick(seat.who, mentorship, goal, step, done=bool(typed("done")))
    return seat.on(f"{seat.base}/{mentorship}")


@router.post("/{mentorship}/meetings")
def meet(seat: SeatForm, mentorship: MentorshipId, typed: TypedHere) -> Response:
    """They met."""
    verbs = seat.services.mentorships
    if typed.no_day("held_on"):
        pair = verbs.pair(seat.who, mentorship)
        return _show(seat, pair, typed, FieldError("held_on", seat.say("form.day")))
    try:
        verbs.meet(seat.who, mentorship, typed.number("minutes") or 0, typed.day("held_on"))
    except MeetingError as refusal:
        return _show(seat, verbs.pair(seat.who, mentorship), typed, *seat.refused("minutes", refusal))
    return seat.on(f"{seat.base}/{mentorship}", done="pair-met")


@router.post("/{mentorship}/plans")
def plan(seat: SeatForm, mentorship: MentorshipId, typed: TypedHere) -> Response:
    """They plan to meet."""
    verbs = seat.services.mentorships
    try:
        at = typed.moment("day", "time", seat.zone) or LONG_AGO
        verbs.plan(seat.who, mentorship, at, typed.number("for") or 0, typed("where"))
    except PlanError as refusal:
        return _show(seat, verbs.pair(seat.who, mentorship), typed, *seat.refused("day", refusal))
    return seat.on(f"{seat.base}/{mentorship}", done="pair-planned")


@router.post("/{mentorship}/plans/{plan}/off")
def call_off(seat: SeatForm, mentorship: MentorshipId, plan: PlanId) -> Response:
    """They will not meet then."""
    seat.services.mentorships.call_off(seat.who, mentorship, plan)
    return seat.on(f"{seat.base}/{mentorship}", done="pair-off")


@router.get("/{mentorship}/plans/{plan}.ics")
def calendar(seat: SeatHere, mentorship: MentorshipId, plan: PlanId) -> Response:
    """A planned meeting for a calendar."""
    title = seat.say("pair.calendar")
    file = seat.services.mentorships.put_in_calendar(seat.who, mentorship, plan, title)
    return attachment(file, "meeting.ics", _CALENDAR)


@router.post("/{mentorship}/notes")
def note(seat: SeatForm, mentorship: MentorshipId, typed: TypedHere) -> Response:
    """Some words, for oneself, for both, or for the coordinators."""
    verbs = seat.services.mentorships
    reach = typed.one_of("reach", Reach)
    try:
        verbs.note(seat.who, mentorship, typed("note"), reach)
    except NoteError as refusal:
        return _show(seat, verbs.pair(seat.who, mentorship), typed, *seat.refused("note", refusal))
    return seat.on(f"{seat.base}/{mentorship}", done=f"pair-note-{reach}")


@router.post("/{mentorship}/rest/{paused}")
def rest(seat: SeatForm, mentorship: MentorshipId, paused: bool) -> Response:  # noqa: FBT001 - a part of the address
    """They stop meeting for a while, or meet again."""
    seat.services.mentorships.rest(seat.who, mentorship, paused=paused)
    return seat.on(f"{seat.base}/{mentorship}", done="pair-paused" if paused else "pair-resumed")


@router.get("/{mentorship}/end")
def ending(seat: SeatToKeep, mentorship: MentorshipId) -> Response:
    """Ask how it ended, once."""
    return _ending(seat, mentorship)


@router.post("/{mentorship}/end")
def end(seat: SeatForm, mentorship: MentorshipId, typed: TypedHere) -> Response:
    """It ended."""
    verbs = seat.services.mentorships
    if not typed("outcome"):
        return _ending(seat, mentorship, FieldError("outcome", seat.say("pair.end.blank")))
    verbs.close(seat.who, mentorship, typed.one_of("outcome", Outcome))
    return seat.on(f"{seat.base}/{mentorship}", done="pair-ended")


def _ending(seat: Seat, mentorship: MentorshipId, *errors: FieldError) -> Response:
    pair = seat.services.mentorships.pair(seat.who, mentorship)
    base = f"{seat.base}/{mentorship}"
    return seat.page("pair/end.html", pair=pair, base=base, outcomes=tuple(Outcome), errors=errors)


def _agreement(seat: Seat, pair: PairView, typed: Typed, *errors: FieldError) -> Response:
    numbers = tuple(range(1, MOST_GOALS + 1))
    base = f"{seat.base}/{pair.mentorship.id}"
    return seat.page("pair/agreement.html", pair=pair, errors=errors, base=base, typed=typed, numbers=numbers)


def _as_typed(pair: PairView) -> Typed:
    """The form filled in with what stands; a first agreement is looked at again after three months."""
    review = pair.mentorship.review_on or (pair.at + REVIEW_AFTER).date()
    fields = [("words", pair.mentorship.words), ("review_on", review.isoformat())]
    for number, goal in enumerate(pair.mentorship.goals, 1):
        fields += [(f"goal-{number}", goal.words), (f"due-{number}", goal.due_on.isoformat())]
        fields.append((f"steps-{number}", "\n".join(step.words for step in goal.steps)))
    if not pair.mentorship.goals:
        fields.append(("due-1", (pair.at + GOAL_AFTER).date().isoformat()))
    return Typed(tuple(fields))


def _missing(seat: Seat, typed: Typed) -> tuple[FieldError, ...]:
    found = []
    if not typed("words"):
        found.append(FieldError("words", seat.say("pair.words.blank")))
    if not typed("goal-1"):
        found.append(FieldError("goal-1", seat.say("pair.goal.blank")))
    found += [
        FieldError(f"due-{number}", seat.say("pair.due.blank"))
        for number in range(1, MOST_GOALS + 1)
        if typed(f"goal-{number}") and typed.day(f"due-{number}") is None
    ]
    if typed.day("review_on") is None:
        found.append(FieldError("review_on", seat.say("pair.review.blank")))
    return tuple(found)


def _agreed(typed: Typed, before: PairView) -> Agreement:
    """What was typed; a goal or step that says what one said before stands where that one stood."""
    stood = {goal.words: goal for goal in before.mentorship.goals}
    taken = {step.words for goal in before.mentorship.goals for step in goal.steps if step.done}
    goals = []
    for number in range(1, MOST_GOALS + 1):
        words, due = typed(f"goal-{number}"), typed.day(f"due-{number}")
        if words and due:
            lines = [line.strip() for line in typed(f"steps-{number}").splitlines()]
            steps = tuple(Step(line, line in taken) for line in lines if line)
            state = stood[words].state if words in stood else GoalState.OPEN
            goals.append(Goal(words=words, due_on=due, state=state, steps=steps))
    review = typed.day("review_on") or LONG_AGO.date()
    return Agreement(words=typed("words"), review_on=review, goals=tuple(goals))
