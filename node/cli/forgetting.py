"""`mentorweave people erase`, `erasures`, `retention`: forgetting here, and seeing that others forget."""

from collections.abc import Iterator
from typing import Annotated

import typer

from node.cli.session import Session, session
from node.domain.person import PersonId
from node.services.erasing import ErasureView
from node.services.erasures import FarewellView
from node.services.retention import RetentionView


def erase(
    person: Annotated[str, typer.Argument(help="The person's id.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
) -> None:
    """Destroy everything the program holds on one person. It cannot be undone."""
    with session() as node:
        if not yes:
            typer.confirm(node.say("people.erase.sure"), abort=True, err=True)
        view = node.services.people.erase(node.actor, PersonId(person))
        node.reporter.answer(view, _erased(node, view))


def erasures(
    outstanding: Annotated[bool, typer.Option("--outstanding", help="Only what is not receipted yet.")] = False,
) -> None:
    """Show which programs were told to forget somebody, and which have signed that they did."""
    with session() as node:
        views = node.services.people.erasures(node.actor, outstanding_only=outstanding)
        node.reporter.answer(views, [_farewell(node, view) for view in views] or [node.say("erasures.none")])


def retention(
    now: Annotated[
        bool, typer.Option("--now", help="Forget what is due, without waiting for the daily round.")
    ] = False,
) -> None:
    """Show how long what is kept, and how much of it is due to be forgotten."""
    with session() as node:
        views = node.services.people.keep_no_longer(node.actor, dry_run=not now)
        node.reporter.answer(views, [_kept(node, view) for view in views])


def _kept(node: Session, view: RetentionView) -> str:
    done = "retention.forgotten" if view.forgotten else "retention.due"
    days = node.say("retention.days", days=view.days)
    return f"{node.say(f'kept.{view.kind}')}: {days}  {node.say(done, count=view.due)}"


def _erased(node: Session, view: ErasureView) -> Iterator[str]:
    yield node.say("people.erased", person=view.person)
    yield node.say(f"shredded.{view.files}")
    yield from (_farewell(node, told) for told in view.told)
    if view.listed_until is not None:
        yield node.say("people.erased.listed", day=f"{view.listed_until:%Y-%m-%d}")
    yield node.say("people.erased.backups", count=view.backups_kept)


def _farewell(node: Session, view: FarewellView) -> str:
    said = {"program": view.program_name, "what": node.say(f"move.{view.move}"), "day": f"{view.said_at:%Y-%m-%d}"}
    if view.receipted_at is not None:
        return node.say("erasures.receipted", receipted=f"{view.receipted_at:%Y-%m-%d}", **said)
    if not view.outstanding:
        return node.say("erasures.left", **said)
    line = node.say("erasures.outstanding", times=view.times, **said)
    return f"{line} {node.say('erasures.suspended')}" if view.status == "suspended" else line
