"""`mentorweave summary`: what this program lets every member program know, and what it costs the privacy of mentors."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from federation.ground.cli import REFUSED
from federation.ground.files import write_atomically
from node.cli.session import Session, session
from node.domain.listing import Availability, Listing
from node.services.dealings import SideView
from node.services.ledger import LedgerFormat, LedgerView, VerifiedLedgerView
from node.services.preview import Inference, LastView, SummaryView
from node.services.summary import ReleaseView

OutOption = Annotated[Path | None, typer.Option("--out", dir_okay=False, help="Write it into a file: .csv or .pdf.")]

app = typer.Typer(name="summary", help="What we offer to other programs.", no_args_is_help=True)


@app.command()
def preview() -> None:
    """Show what would be published and what others could learn from it, before anybody is counted; nobody is named."""
    with session() as node:
        view = node.services.summary.preview(node.actor)
        node.reporter.answer(view, _preview_lines(node, view))


@app.command()
def agree() -> None:
    """Say yes to what `summary preview` shows; asked for the first time, and whenever its form or cost changes."""
    with session() as node:
        view = node.services.summary.agree(node.actor)
        lines = [node.say("summary.agreed")]
        if view.draw_at:
            lines.append(node.say("summary.draw_at", moment=f"{view.draw_at:%Y-%m-%d %H:%M}"))
        node.reporter.answer(view, lines)


@app.command()
def publish() -> None:
    """Sign it and send it to every member program with the next round; a new one follows every week."""
    with session() as node:
        view = node.services.summary.publish(node.actor)
        node.reporter.answer(view, [_release(node, view)])


@app.command()
def offers() -> None:
    """Show what the other member programs offer."""
    with session() as node:
        views = node.services.summary.offers(node.actor)
        node.reporter.answer(views, [line for view in views for line in _offer_lines(node, view)])


@app.command()
def ledger(
    out: OutOption = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Check that nothing was changed since it was written.")
    ] = False,
    noted: Annotated[str, typer.Option("--noted", help="With --verify: a hash you wrote down earlier.")] = "",
) -> None:
    """Show everything that was counted and published, at what cost, and who said yes."""
    with session() as node:
        if verify:
            checked = node.services.summary.verify(node.actor, noted)
            node.reporter.answer(checked, [_verdict(node, checked)])
            raise typer.Exit(0 if checked.holds else REFUSED)
        view = node.services.summary.ledger(node.actor)
        lines = [*_ledger_head(node, view), *("  ".join(row) for row in _rows(node, view))]
        if out is not None:
            header = [node.say(f"ledger.column.{name}") for name in ("at", "what", "text", "digest")]
            lines = [hand_over(node, out, node.say("ledger.title"), header, list(_rows(node, view)))]
        node.reporter.answer(view, lines)


def hand_over(node: Session, out: Path, title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table into a file, as its name asks for; what to say of it."""
    form = LedgerFormat.PDF if out.suffix.lower() == ".pdf" else LedgerFormat.CSV
    write_atomically(out, node.services.summary.export(node.actor, title, header, rows, form))
    return node.say("ledger.written", file=out)


def cost(milli: int) -> str:
    """A privacy loss as people write it."""
    return f"{milli / 1_000:.3f}"


def listing_line(node: Session, listing: Listing) -> str:
    """One listing as other programs read it."""
    seats = node.say("request.seats", seats=listing.seats)
    return f"{listing.occupation}  {', '.join(listing.languages)}  {node.say(f'mode.{listing.mode}')}  {seats}"


def _preview_lines(node: Session, view: SummaryView) -> Iterator[str]:
    if view.epsilon_milli:
        spent, cap = cost(view.spent_milli), cost(view.cap_milli)
        yield node.say("summary.counts", cost=cost(view.epsilon_milli), spent=spent, cap=cap)
    else:
        yield node.say("summary.size", size=node.say(f"size.{view.size}"))
    if view.draw_at:
        yield node.say("summary.draw_at", moment=f"{view.draw_at:%Y-%m-%d %H:%M}")
    yield node.say("summary.listings", count=len(view.listings))
    yield from (f"  {listing_line(node, listing)}" for listing in view.listings)
    yield from _last_lines(node, view.last)
    yield from _inference_lines(node, view.inference, counted=bool(view.epsilon_milli), listed=bool(view.listings))
    if view.agreed_at:
        yield node.say("summary.agreed_since", day=f"{view.agreed_at:%Y-%m-%d}")
    else:
        yield node.say("summary.not_agreed")


def _last_lines(node: Session, last: LastView | None) -> Iterator[str]:
    if last is None:
        yield node.say("summary.none")
        return
    yield node.say("summary.last", moment=f"{last.at:%Y-%m-%d %H:%M}", digest=last.digest[:16])
    for one in last.counts:
        yield "  " + node.say("summary.estimate", group=one.group, number=one.number, least=one.least, most=one.most)


def _inference_lines(node: Session, found: Inference, *, counted: bool, listed: bool) -> Iterator[str]:
    if counted:
        yield node.say("summary.infer.counts", next=found.next, year=found.year, ever=found.ever)
    else:
        yield node.say("summary.infer.nothing")
    if listed:
        yield node.say("summary.infer.listings")
    yield node.say("summary.infer.rest")


def _offer_lines(node: Session, view: Availability) -> Iterator[str]:
    if not view.known:
        yield node.say("summary.offers.unknown", program=view.name)
        return
    yield node.say("summary.offers.known", program=view.name, count=len(view.listings))
    yield from (f"  {listing_line(node, listing)}" for listing in view.listings)
    for one in view.counts:
        yield "  " + node.say("summary.estimate", group=one.group, number=one.number, least=one.least, most=one.most)


def _ledger_head(node: Session, view: LedgerView) -> Iterator[str]:
    spent, left = cost(view.spent_milli), cost(view.left_milli)
    right = {"right": view.right_in_100, "attack": view.attack_in_100}
    yield node.say("ledger.budget", year=view.year, spent=spent, left=left, **right)
    yield node.say("ledger.years")
    for one in view.acts:
        yield f"  {one.times:>6}  {node.say(f'act.{one.act}')}"
    yield from _dealings(node, view)
    yield node.say("ledger.head", entries=view.entries, head=view.head)
    if not view.releases:
        yield node.say("summary.none")


def _dealings(node: Session, view: LedgerView) -> Iterator[str]:
    """Who asks and then lets offers lapse, they and we."""
    for one in view.dealings:
        yield node.say("ledger.dealing.theirs", program=one.program_name, **_counts(one.theirs))
        yield node.say("ledger.dealing.ours", program=one.program_name, **_counts(one.ours))
    mine = view.anonymous
    yield node.say("ledger.anonymous", posted=mine.posted, offered=mine.offered, taken=mine.taken, lapsed=mine.lapsed)


def _counts(side: SideView) -> dict[str, object]:
    return {"asked": side.asked, "offered": side.offered, "met": side.met, "lapsed": side.lapsed}


def _rows(node: Session, view: LedgerView) -> Iterator[Sequence[str]]:
    """Every draw, release and yes, newest first: when, what, in words, and its hash."""
    for line in view.lines:
        text = node.say(f"ledger.{line.what}.text", **line.params).strip()
        yield f"{line.at:%Y-%m-%d %H:%M}", node.say(f"ledger.{line.what}"), text, line.digest


def _released(node: Session, view: ReleaseView) -> str:
    listed = node.say("summary.listed", count=view.listed, receivers=view.receivers)
    return f"{view.quarter}  {listed}".strip()


def _release(node: Session, view: ReleaseView) -> str:
    return f"{view.at:%Y-%m-%d %H:%M}  {view.digest[:16]}  {_released(node, view)}"


def _verdict(node: Session, view: VerifiedLedgerView) -> str:
    if view.holds:
        return node.say("ledger.holds", entries=view.entries)
    noted = node.say("ledger.yes" if view.noted else "ledger.no")
    first = view.first_broken if view.first_broken is not None else node.say("ledger.none")
    return node.say("ledger.broken", first=first, unwitnessed=view.unwitnessed, noted=noted)
