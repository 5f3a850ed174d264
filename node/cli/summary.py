"""`mentorweave summary`: what this program lets every member program know."""

import typer

from node.cli.session import Session, session
from node.services.summary import ReleaseView

app = typer.Typer(name="summary", help="What we offer to other programs.", no_args_is_help=True)


@app.command()
def preview() -> None:
    """Show what would be published; nobody is named."""
    with session() as node:
        view = node.services.summary.preview(node.actor)
        listings = [
            f"{listing.occupation}  {', '.join(listing.languages)}  {node.say(f'mode.{listing.mode}')}  "
            f"{node.say('request.seats', seats=listing.seats)}"
            for listing in view.listings
        ]
        node.reporter.answer(view, [node.say("summary.size", size=node.say(f"size.{view.size}")), *listings])


@app.command()
def publish() -> None:
    """Sign it and send it to every member program with the next round; a new one follows every week."""
    with session() as node:
        view = node.services.summary.publish(node.actor)
        node.reporter.answer(view, [_line(node, view)])


@app.command()
def ledger() -> None:
    """Show everything that was published, and who was listed in it."""
    with session() as node:
        views = node.services.summary.ledger(node.actor)
        node.reporter.answer(views, [_line(node, view) for view in views] or [node.say("summary.none")])


def _line(node: Session, view: ReleaseView) -> str:
    listed = node.say("summary.listed", count=view.listed, receivers=view.receivers)
    return f"{view.at:%Y-%m-%d %H:%M}  {view.digest[:16]}  {listed}"
