"""`mentorweave request`, the part about anonymous requests: posted for mentees, answered for mentors."""

from collections.abc import Callable, Mapping
from typing import Annotated

import typer

from node.cli.session import Session, session
from node.domain.card import QuestionId
from node.domain.consent import Given
from node.domain.person import PersonId
from node.services.board.asking import OutsideView
from node.services.board.choosing import OfferView
from node.services.board.posting import PostedView, PostView
from protocol.ids import Digest

MenteeArgument = Annotated[str, typer.Argument(help="The mentee's id.")]
AnonymousArgument = Annotated[str, typer.Argument(metavar="REQUEST", help="The id of the anonymous request.")]
MentorArgument = Annotated[str, typer.Argument(help="The mentor's id.")]
OfferArgument = Annotated[str, typer.Argument(help="The offer's id.")]
GivenOption = Annotated[Given | None, typer.Option("--given", help="How she said yes just now; it is written down.")]


def attest() -> None:
    """Count the active mentees who wait, and tell the exchange; no more anonymous requests may be open than that."""
    with session() as node:
        view = node.services.board.attest(node.actor)
        line = node.say("anonymous.attested", quarter=view.quarter, waiting=view.waiting, open=view.open)
        node.reporter.answer(view, [line])


def post(
    mentee: MenteeArgument,
    given: GivenOption = None,
    preview: Annotated[bool, typer.Option("--preview", help="Only show what would be said.")] = False,
) -> None:
    """Post an anonymous request that all member programs read, with her yes to exactly what it says."""
    with session() as node:
        verb = node.services.board.post
        view = verb.preview(node.actor, PersonId(mentee))
        if not preview:
            view = verb(node.actor, PersonId(mentee), given)
        node.reporter.answer(view, _post_lines(node, view))


def posted() -> None:
    """Show our anonymous requests, and how many offers came for each."""
    with session() as node:
        views = node.services.board.posted(node.actor)
        node.reporter.answer(views, [_posted_line(node, view) for view in views] or [node.say("anonymous.none")])


def unpost(request: AnonymousArgument) -> None:
    """Close an anonymous request of ours."""
    with session() as node:
        view = node.services.board.unpost(node.actor, Digest(request))
        node.reporter.answer(view, [_posted_line(node, view)])


def outside() -> None:
    """Show anonymous requests of other programs that mentors of ours could serve, and what mentors were asked."""
    with session() as node:
        views = node.services.board.outside(node.actor)
        node.reporter.answer(views, [_outside_line(node, view) for view in views] or [node.say("anonymous.nothing")])


def ask_mentor(request: AnonymousArgument, mentor: MentorArgument) -> None:
    """Write down that a mentor is asked about an anonymous request; a place of hers waits for 14 days at most."""
    with session() as node:
        _outside(node, node.services.board.ask(node.actor, Digest(request), PersonId(mentor)))


def mentor_refused(request: AnonymousArgument, mentor: MentorArgument) -> None:
    """Write down that she said no; her place is free again, and nobody outside learns of it."""
    with session() as node:
        _outside(node, node.services.board.refuse(node.actor, Digest(request), PersonId(mentor)))


def offer_card(request: AnonymousArgument, mentor: MentorArgument, given: GivenOption = None) -> None:
    """Hold a place of a mentor who said yes, and offer it for an anonymous request; only its owner can read that."""
    with session() as node:
        _outside(node, node.services.board.offer(node.actor, Digest(request), PersonId(mentor), given))


def offers(mentee: MenteeArgument) -> None:
    """Show what other programs offer for her anonymous request, best first."""
    with session() as node:
        views = node.services.board.offers(node.actor, PersonId(mentee))
        node.reporter.answer(views, [_offer_line(node, view) for view in views] or [node.say("anonymous.no_offers")])


def take(offer: OfferArgument) -> None:
    """Ask for the place that is offered; one offer at a time."""
    with session() as node:
        view = node.services.board.take(node.actor, QuestionId(offer))
        line = f"{view.id}  {node.say('end.home', program=view.program_name)}  {node.say(f'stage.{view.stage}')}"
        node.reporter.answer(view, [line])


def pass_over(offer: OfferArgument) -> None:
    """Leave an offer that she does not want; no word of it travels."""
    with session() as node:
        view = node.services.board.pass_over(node.actor, QuestionId(offer))
        node.reporter.answer(view, [node.say("anonymous.passed")])


VERBS: Mapping[str, Callable[..., None]] = {
    "attest": attest,
    "post": post,
    "posted": posted,
    "unpost": unpost,
    "outside": outside,
    "ask-mentor": ask_mentor,
    "mentor-refused": mentor_refused,
    "offer-card": offer_card,
    "offers": offers,
    "take": take,
    "pass": pass_over,
}


def _words(node: Session, view: PostView | PostedView | OutsideView) -> str:
    spoken = view.language or node.say("anonymous.official")
    return f"{view.occupation}  {spoken}  {node.say(f'tier.{view.tier}')}  {node.say(f'mode.{view.mode}')}"


def _post_lines(node: Session, view: PostView) -> list[str]:
    lines = [
        node.say("anonymous.says", words=_words(node, view)),
        node.say("anonymous.alike", alike=view.alike, same=view.same_occupation),
        node.say("anonymous.linkable"),
    ]
    if view.id is not None:
        return [*lines, node.say("anonymous.posted", id=view.id)]
    return [*lines, node.say("anonymous.agreed" if view.agreed else "anonymous.not_agreed", exact=view.exact)]


def _posted_line(node: Session, view: PostedView) -> str:
    head = f"{view.id}  {view.person}  {_words(node, view)}"
    if view.ended_at is not None:
        return f"{head}  {node.say('anonymous.ended', day=view.ended_at.date())}"
    if view.shown_at is None:
        return f"{head}  {node.say('anonymous.waits')}"
    return f"{head}  {node.say('anonymous.shown', day=view.shown_at.date(), left=view.left, offers=view.offers)}"


def _outside(node: Session, view: OutsideView) -> None:
    node.reporter.answer(view, [_outside_line(node, view)])


def _outside_line(node: Session, view: OutsideView) -> str:
    head = f"{view.card}  {_words(node, view)}  {view.mentor}  {view.mentor_name}"
    if view.offered_until is not None:
        return f"{head}  {node.say('anonymous.offered', day=view.offered_until.date())}"
    if view.lapses_on is not None:
        return f"{head}  {node.say('anonymous.asked', day=view.lapses_on)}"
    if view.points is None:
        return f"{head}  {node.say('anonymous.refused')}"
    step = "anonymous.ask" if view.needs_asking else "anonymous.offer"
    return f"{head}  {node.say(step, points=view.points, fit=view.fit)}"


def _offer_line(node: Session, view: OfferView) -> str:
    told = view.capability
    spoken = ", ".join(told.languages)
    facts = f"{told.occupation}  {spoken}  {node.say(f'mode.{told.mode}')}"
    return f"{view.id}  {view.program_name}  {facts}  {node.say('anonymous.held', day=view.hold_until.date())}"
