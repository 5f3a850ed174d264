"""Mentorships: two people put together, what they agreed, when they met, how it ended."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Path, Request
from pydantic import Field, StrictBool
from starlette.responses import Response

from node.api.answering import RepeatOf, listed, shown
from node.api.asking import AS_NUMBER, PERSON, Body, Day, MentorshipPath, PersonRef, Text, TurnOf, example
from node.api.bearer import MatchesWriter, MentorshipsReader, MentorshipsWriter, ServicesOf
from node.api.routes import resource
from node.domain.mentorship import (
    LONGEST_MEETING,
    MOST_GOALS,
    MOST_STEPS,
    Agreement,
    Goal,
    GoalState,
    MentorshipId,
    Step,
)
from node.services.mentorship.views import MentorshipView
from protocol.vocabulary import Outcome

router = resource("mentorships")


class StepWritten(Body):
    """One step towards a goal, in the pair's own words."""

    words: Text
    done: StrictBool = False


class GoalWritten(Body):
    """One goal in the pair's own words."""

    words: Text
    due_on: Day
    state: GoalState = GoalState.OPEN
    steps: Annotated[tuple[StepWritten, ...], Field(max_length=MOST_STEPS)] = ()

    def goal(self) -> Goal:
        """The goal."""
        steps = tuple(Step(step.words, step.done) for step in self.steps)
        return Goal(words=self.words, due_on=self.due_on, state=self.state, steps=steps)


class AgreementWritten(Body):
    """What the pair agreed on, and when they look at it again."""

    model_config = example(
        words="We meet every second Monday.",
        review_on="2027-06-01",
        goals=[{"words": "A first job as an estimator", "due_on": "2027-09-01", "steps": [{"words": "A résumé"}]}],
    )
    words: Text
    review_on: Day
    goals: Annotated[list[GoalWritten], Field(min_length=1, max_length=MOST_GOALS)]


class Pair(Body):
    """Two people of this program."""

    model_config = example(mentee=PERSON, mentor=PERSON)
    mentee: PersonRef
    mentor: PersonRef


class Settled(Body):
    """What became of a goal."""

    model_config = example(state="reached")
    state: GoalState


class Met(Body):
    """A meeting; today where no day is given."""

    model_config = example(minutes=60, held_on="2027-03-01")
    minutes: Annotated[int, Field(ge=1, le=LONGEST_MEETING), AS_NUMBER]
    held_on: Day | None = None


class Ending(Body):
    """How it ended."""

    model_config = example(outcome="completed")
    outcome: Outcome


@router.get("/mentorships", response_model=list[MentorshipView])
def list_mentorships(
    request: Request, who: MentorshipsReader, services: ServicesOf, page: TurnOf, *, active_only: bool = False
) -> Response:
    """List mentorships, newest first."""
    after = None if page.after is None else MentorshipId(page.after)
    found = services.mentorships.list.page(who.actor, after, page.one_more, active_only=active_only)
    return listed(request, *page.cut(found))


@router.post("/mentorships", status_code=HTTPStatus.CREATED, response_model=MentorshipView)
def approve_pair(body: Pair, who: MatchesWriter, services: ServicesOf, once: RepeatOf) -> Response:
    """Put two people of this program together: a seat is taken, two letters are written."""

    def approve() -> Response:
        view = services.mentorships.approve(who.actor, body.mentee, body.mentor)
        return shown(view, version=view.version, status=HTTPStatus.CREATED, at=f"/api/v1/mentorships/{view.id}")

    return once(who, approve)


@router.get("/mentorships/{mentorship}", response_model=MentorshipView)
def show_mentorship(mentorship: MentorshipPath, who: MentorshipsReader, services: ServicesOf) -> Response:
    """Show one mentorship with its agreement and meetings."""
    view = services.mentorships.show(who.actor, mentorship)
    return shown(view, version=view.version)


@router.put("/mentorships/{mentorship}/agreement", response_model=MentorshipView)
def agree_on_goals(
    mentorship: MentorshipPath, body: AgreementWritten, who: MentorshipsWriter, services: ServicesOf
) -> Response:
    """Write down what the pair agreed, in their own words, in place of what they agreed before."""
    goals = tuple(goal.goal() for goal in body.goals)
    agreement = Agreement(words=body.words, review_on=body.review_on, goals=goals)
    return shown(services.mentorships.agree(who.actor, mentorship, agreement))


@router.put("/mentorships/{mentorship}/goals/{number}", response_model=MentorshipView)
def settle_goal(
    mentorship: MentorshipPath,
    number: Annotated[int, Path(ge=1, le=MOST_GOALS, description="Which goal, counted from 1.")],
    body: Settled,
    who: MentorshipsWriter,
    services: ServicesOf,
) -> Response:
    """Write down what became of a goal."""
    return shown(services.mentorships.settle(who.actor, mentorship, number, body.state))


@router.post("/mentorships/{mentorship}/meetings", status_code=HTTPStatus.CREATED, response_model=MentorshipView)
def log_meeting(
    mentorship: MentorshipPath, body: Met, who: MentorshipsWriter, services: ServicesOf, once: RepeatOf
) -> Response:
    """Write down that they met."""

    def meet() -> Response:
        view = services.mentorships.meet(who.actor, mentorship, body.minutes, body.held_on)
        return shown(view, version=view.version, status=HTTPStatus.CREATED, at=f"/api/v1/mentorships/{view.id}")

    return once(who, meet)


@router.post("/mentorships/{mentorship}/pause", response_model=MentorshipView)
def pause_mentorship(
    mentorship: MentorshipPath, who: MentorshipsWriter, services: ServicesOf, once: RepeatOf
) -> Response:
    """Write down that they stopped meeting for a while; the seat stays theirs."""
    return once(who, lambda: shown(services.mentorships.rest(who.actor, mentorship, paused=True)))


@router.post("/mentorships/{mentorship}/resume", response_model=MentorshipView)
def resume_mentorship(
    mentorship: MentorshipPath, who: MentorshipsWriter, services: ServicesOf, once: RepeatOf
) -> Response:
    """Write down that they meet again."""
    return once(who, lambda: shown(services.mentorships.rest(who.actor, mentorship, paused=False)))


@router.post("/mentorships/{mentorship}/end", response_model=MentorshipView)
def end_mentorship(
    mentorship: MentorshipPath, body: Ending, who: MentorshipsWriter, services: ServicesOf, once: RepeatOf
) -> Response:
    """Write down how it ended; the seat is free again."""
    return once(who, lambda: shown(services.mentorships.close(who.actor, mentorship, body.outcome)))
