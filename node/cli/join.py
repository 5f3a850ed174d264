"""`mentorweave join` and `mentorweave sync`: taking part in a federation."""

import time
from typing import Annotated

import typer

from node.cli.session import Session, session
from node.services.federation import SyncView
from node.services.ports.federation import Admission, JoinView
from protocol.vocabulary import Publishes, SizeBracket

_PAUSE = 1.0


def join(
    code: Annotated[str, typer.Argument(help="The join code a steward gave you.")],
    wait: Annotated[float, typer.Option("--wait", min=0, help="Wait so many seconds to be admitted.")] = 0,
    publishes: Annotated[Publishes, typer.Option(help="What we publish of our size.")] = Publishes.BRACKET,
    size: Annotated[SizeBracket, typer.Option(help="How many mentors we have.")] = SizeBracket.UNDER_25,
) -> None:
    """Join a federation. Read the six words to a steward over the phone; the same code may be given again."""
    with session() as node:
        until, noted = time.monotonic() + wait, False
        while True:
            view = node.services.federation.join(node.actor, code, publishes, size)
            if view.state in {Admission.ADMITTED, Admission.REFUSED} or time.monotonic() >= until:
                break
            if not noted:
                node.reporter.note(_words(node, view))
                noted = True
            time.sleep(_PAUSE)
        node.reporter.answer(view, [_words(node, view), node.say(f"join.{view.state}")])


def sync(
    without_answers: Annotated[
        bool, typer.Option("--without-answers", help="After a restore: wait no longer for programs that do not answer.")
    ] = False,
) -> None:
    """One round: read what came, send what waits, let lapse what nobody answered, send letters."""
    with session() as node:
        view = node.services.federation.sync(node.actor, go_on=without_answers)
        node.services.letters.send(node.actor)
        done = view.round
        lines = [
            node.say("sync.done", received=done.received, sent=done.sent, summaries=done.summaries)
            if done.reached
            else node.say("sync.unreached" if done.joined else "sync.waiting")
        ]
        lines += [node.say(f"alert.{warned.code}", subject=warned.subject) for warned in done.warnings]
        lines += [
            node.say("sync.lapsed", request=lapse.request, program=lapse.program_name, person=lapse.person or "-")
            for lapse in view.lapsed
        ]
        node.reporter.answer(view, [*lines, *_after_a_restore(node, view)])


def _after_a_restore(node: Session, view: SyncView) -> list[str]:
    waits, done = view.catching_up, view.caught_up
    if waits is not None:
        programs = ", ".join(waits.programs) or "-"
        return [node.say("sync.catching_up", moment=waits.restored_to, count=waits.requests, programs=programs)]
    if done is None:
        return []
    lines = [node.say("sync.caught_up", moment=done.restored_to, count=len(done.recovered))]
    lines += [node.say("sync.unnamed", request=request) for request in done.unnamed]
    lines += [node.say("sync.unanswered", count=done.unanswered)] if done.unanswered else []
    lines += [node.say("sync.unproven", start=done.unproven_from, end=done.unproven_to)]
    return [*lines, node.say("sync.unknown", moment=done.restored_to)]


def _words(node: Session, view: JoinView) -> str:
    return node.say("join.words", words=" ".join(view.words))
