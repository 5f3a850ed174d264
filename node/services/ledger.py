"""What the privacy officer reads: everything drawn, published, agreed to and said, and whether the book still holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from node.domain.actor import Action, Actor, UserId
from node.domain.audit import Act
from node.domain.budget import YEAR_CAP_MILLI, Quarter, best_attack, guarantee, in_100, right_in_100, spent
from node.domain.counts import MINOR_GROUPS
from node.domain.ledger import NOTHING, first_broken
from node.domain.release import Draw, Release
from node.services.dealings import AnonymousView, DealingView, anonymous, dealings
from node.services.dossier import staff_names
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.ports.printer import Printer
from node.services.ports.sheets import SheetFormat, Sheets
from node.services.remember import remember
from node.services.summary import ReleaseView, release_view

MECHANISM = "two-sided geometric"
SENSITIVITY = 1


class LedgerFormat(StrEnum):
    """In which form the ledger is handed over."""

    CSV = "csv"
    PDF = "pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawView:
    """One quarter that was drawn, or counts as drawn; its numbers are read in what was published."""

    quarter: str
    at: datetime
    cells: int
    mechanism: str
    epsilon_milli: int
    sensitivity: int
    proven: bool
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YesView:
    """A named person's yes to a policy."""

    policy: str
    at: datetime
    by: UserId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActCount:
    """How often something was done this calendar year."""

    act: Act
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One thing that happened: `ledger.<what>` names it, `ledger.<what>.text` says it with `params`."""

    at: datetime
    what: str
    params: Mapping[str, object]
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerView:
    """The ledger.

    `attack` is what the best attack on this year's draws gains, beside the guarantee; `head` is the hash that tells
    later whether anything was changed or cut off. `dealings` and `anonymous` are of the last twelve months.
    """

    year: int
    spent_milli: int
    left_milli: int
    guarantee: float
    right_in_100: int
    attack: float
    attack_in_100: int
    draws: tuple[DrawView, ...]
    releases: tuple[ReleaseView, ...]
    yeses: tuple[YesView, ...]
    acts: tuple[ActCount, ...]
    entries: int
    head: str
    dealings: tuple[DealingView, ...]
    anonymous: AnonymousView

    @property
    def lines(self) -> tuple[LedgerLine, ...]:
        """Every draw, release and yes, newest first."""
        found = (
            *(map(_released, self.releases)),
            *(map(_drawn, self.draws)),
            *(
                LedgerLine(
                    at=yes.at, what="agreed", params={"by": yes.name, "policy": yes.policy[:16]}, digest=yes.policy
                )
                for yes in self.yeses
            ),
        )
        return tuple(sorted(found, key=lambda line: line.at, reverse=True))


def _released(view: ReleaseView) -> LedgerLine:
    params = {"quarter": view.quarter, "count": view.listed, "receivers": view.receivers}
    return LedgerLine(at=view.at, what="published", params=params, digest=view.digest)


def _drawn(view: DrawView) -> LedgerLine:
    params = {
        "quarter": view.quarter,
        "cells": view.cells,
        "mechanism": view.mechanism,
        "cost": f"{view.epsilon_milli / 1_000:.3f}",
        "sensitivity": view.sensitivity,
    }
    return LedgerLine(at=view.at, what="drawn" if view.proven else "unproven", params=params, digest=view.digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedLedgerView:
    """Whether the ledger holds: which entry is the first that does not, and what nothing vouches for."""

    entries: int
    head: str
    first_broken: int | None
    unwitnessed: int
    noted: bool

    @property
    def holds(self) -> bool:
        """Whether nothing was changed, added or cut off."""
        return self.first_broken is None and not self.unwitnessed and self.noted


@dataclass(frozen=True, slots=True)
class ShowLedger:
    """Everything that was drawn and published, and at what cost."""

    reading: OpenWork
    clock: Clock

    def __call__(self, actor: Actor) -> LedgerView:
        """The ledger, newest first."""
        actor.may(Action.READ_PROGRAM)
        now = self.clock.now()
        year = Quarter.of(now).year
        with self.reading() as work:
            dealt, asked = dealings(work, now), anonymous(work, now)
            draws, newest = work.draws.all(), work.ledger.newest()
            times = work.ledger.times(Quarter(year, 1).starts_at, Quarter(year + 1, 1).starts_at)
            releases = tuple(release_view(release) for release in work.releases.all())
            names = staff_names(work)
            yeses = tuple(
                YesView(policy=one.policy, at=one.at, by=one.by, name=names.get(one.by, one.by))
                for one in work.policies.all()
            )
        cost = spent((draw.charge for draw in draws), year)
        attack = best_attack(sum(bool(draw.numbers) and draw.quarter.year == year for draw in draws))
        return LedgerView(
            year=year,
            spent_milli=cost,
            left_milli=YEAR_CAP_MILLI - cost,
            guarantee=guarantee(cost),
            right_in_100=right_in_100(cost),
            attack=attack,
            attack_in_100=in_100(attack),
            draws=tuple(map(_draw_view, draws)),
            releases=releases,
            yeses=yeses,
            acts=tuple(ActCount(act=act, times=number) for act, number in sorted(times.items())),
            entries=newest.number if newest else 0,
            head=newest.digest if newest else NOTHING,
            dealings=dealt,
            anonymous=asked,
        )


@dataclass(frozen=True, slots=True)
class VerifyLedger:
    """Check every entry against the one before it and against what it vouches for."""

    reading: OpenWork

    def __call__(self, actor: Actor, noted: str = "") -> VerifiedLedgerView:
        """Whether it holds; `noted` is a hash somebody wrote down earlier, which must still be in it."""
        actor.may(Action.READ_PROGRAM)
        with self.reading() as work:
            entries, records = work.ledger.all(), _records(work, work.releases.all(), work.draws.all())
            changes = work.visibilities.witnessed()
        said = {(entry.act, entry.subject) for entry in entries}
        vouched = {subject for act, subject in said if act is Act.VISIBILITY_SET}
        return VerifiedLedgerView(
            entries=len(entries),
            head=entries[-1].digest if entries else NOTHING,
            first_broken=first_broken(entries, records),
            unwitnessed=len(changes - vouched) + len(records.keys() - said),
            noted=noted in {"", NOTHING, *(entry.digest for entry in entries)},
        )


@dataclass(frozen=True, slots=True)
class ExportLedger:
    """Hand the ledger over as a table, in the words of whoever asks for it."""

    work: OpenWork
    clock: Clock
    sheets: Sheets
    printer: Printer

    def __call__(
        self, actor: Actor, title: str, header: Sequence[str], rows: Sequence[Sequence[str]], form: LedgerFormat
    ) -> bytes:
        """The file."""
        actor.may(Action.READ_PROGRAM)
        now = self.clock.now()
        with self.work() as work:
            remember(work, actor, Act.LEDGER_EXPORTED, form, now)
        if form is LedgerFormat.CSV:
            return self.sheets.write(header, rows, SheetFormat.CSV)
        return self.printer.table(title, header, rows, now)


def _records(work: UnitOfWork, releases: Sequence[Release], draws: Sequence[Draw]) -> Mapping[tuple[Act, str], str]:
    """What is kept today of what the ledger vouches for, from its first entry on."""
    began = next((entry.at for entry in work.ledger.all()), None)
    kept = {(Act.SUMMARY_PUBLISHED, str(one.id)): one.content for one in releases if began and one.at >= began}
    for draw in draws:
        kept[Act.COUNTS_DRAWN if draw.numbers else Act.COUNTS_UNPROVEN, str(draw.quarter)] = draw.content
    return kept | {(Act.SUMMARY_AGREED, one.at.isoformat()): one.content for one in work.policies.all()}


def _draw_view(draw: Draw) -> DrawView:
    return DrawView(
        quarter=str(draw.quarter),
        at=draw.at,
        cells=len(MINOR_GROUPS),
        mechanism=MECHANISM,
        epsilon_milli=draw.epsilon_milli,
        sensitivity=SENSITIVITY,
        proven=bool(draw.numbers),
        digest=draw.digest,
    )
