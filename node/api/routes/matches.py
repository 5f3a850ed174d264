"""Matches: mentors for a mentee with reasons for and against, and drafts of who meets whom."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from node.api.answering import shown
from node.api.asking import DraftPath, MentorPath, PersonPath
from node.api.bearer import MatchesReader, ServicesOf
from node.api.routes import resource
from node.services.drafting.views import DraftView
from node.services.matching.views import SuggestionsView, SuggestionView

router = resource("matches")


@router.get("/people/{person}/suggestions", response_model=SuggestionsView)
def suggest_mentors(
    person: PersonPath,
    who: MatchesReader,
    services: ServicesOf,
    limit: Annotated[int, Query(ge=1, le=100, description="At most so many mentors.")] = 10,
) -> Response:
    """Rank the program's own mentors for one mentee, and say what would open more."""
    return shown(services.matching.suggest(who.actor, person, limit))


@router.get("/people/{person}/suggestions/{mentor}", response_model=SuggestionView)
def explain_pair(person: PersonPath, mentor: MentorPath, who: MatchesReader, services: ServicesOf) -> Response:
    """Say everything that speaks for and against one pair, hard rules included."""
    return shown(services.matching.why(who.actor, person, mentor))


@router.get("/drafts/newest", response_model=DraftView)
def show_newest_draft(who: MatchesReader, services: ServicesOf) -> Response:
    """Show the newest draft of who meets whom."""
    view = services.drafts.show(who.actor)
    return shown(view, version=view.version)


@router.get("/drafts/{draft}", response_model=DraftView)
def show_draft(draft: DraftPath, who: MatchesReader, services: ServicesOf) -> Response:
    """Show one draft of who meets whom."""
    view = services.drafts.show(who.actor, draft)
    return shown(view, version=view.version)
