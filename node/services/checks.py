"""The node looks at itself: every check says what it found, and `node.words` says what to do about it.

A check is any callable without arguments; whoever owns a concept adds its checks in `bootstrap`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.program import Standing
from node.services.forgetting_again import unproven
from node.services.ports import Clock, Guard, KeyVault, OpenWork, UnitOfWork
from node.services.ports.archive import Archive

BACKUP_AGE = timedelta(days=7)
LEAST_DISK = 500_000_000
LATELY = timedelta(days=30)


class Severity(StrEnum):
    """How much a finding matters."""

    FINE = "fine"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. `check.<code>` words it and `check.<code>.next` says what to do."""

    code: str
    severity: Severity
    params: Mapping[str, str | int] = field(default_factory=dict)


Check = Callable[[], Finding]
ASKED_AGAIN = timedelta(minutes=10)


class Recently:
    """A slow check for a page that is opened often: asked again after a while only, and told only if a problem."""

    def __init__(self, check: Check, clock: Clock) -> None:
        """Nothing is asked yet."""
        self._check = check
        self._clock = clock
        self._found: tuple[datetime, Finding] | None = None

    def __call__(self) -> Finding:
        """What was found last."""
        now, kept = self._clock.now(), self._found
        if kept is not None and now < kept[0] + ASKED_AGAIN:
            return kept[1]
        found = self._check()
        told = found if found.severity is Severity.PROBLEM else replace(found, severity=Severity.FINE)
        self._found = now, told
        return told


@dataclass(frozen=True, slots=True)
class Examine:
    """Run every check."""

    checks: tuple[Check, ...]

    def __call__(self, actor: Actor) -> tuple[Finding, ...]:
        """Findings in the order of the checks."""
        actor.may(Action.READ_PROGRAM)
        return tuple(check() for check in self.checks)


@dataclass(frozen=True, slots=True)
class CheckKeys:
    """A bare key file gives its keys to whoever reads it."""

    vault: KeyVault

    def __call__(self) -> Finding:
        """What guards the key file."""
        if self.vault.state().guard is Guard.BARE:
            return Finding("keys-bare", Severity.WARNING)
        return Finding("keys-shut", Severity.FINE)


@dataclass(frozen=True, slots=True)
class CheckBackup:
    """A backup older than a week is not worth much."""

    archive: Archive
    clock: Clock

    def __call__(self) -> Finding:
        """The age of the newest backup."""
        newest = self.archive.newest()
        if newest is None:
            return Finding("backup-none", Severity.PROBLEM)
        age = self.clock.now() - newest.made_at
        if age > BACKUP_AGE:
            return Finding("backup-old", Severity.WARNING, {"days": age.days})
        return Finding("backup-recent" if age.days else "backup-today", Severity.FINE, {"days": age.days})


@dataclass(frozen=True, slots=True)
class CheckDisk:
    """A full disk stops everything at once."""

    free_bytes: Callable[[], int]

    def __call__(self) -> Finding:
        """How much is free where the data lies."""
        free = self.free_bytes()
        if free < LEAST_DISK:
            return Finding("disk-full", Severity.PROBLEM, {"megabytes": free // 1_000_000})
        return Finding("disk-free", Severity.FINE, {"gigabytes": max(1, round(free / 1_000_000_000))})


@dataclass(frozen=True, slots=True)
class CheckStanding:
    """A restored node sends nothing until it has caught up; then a person looks for erasures that nobody can prove."""

    reading: OpenWork
    clock: Clock

    def __call__(self) -> Finding:
        """Whether this node was restored and still has to catch up, or has caught up lately."""
        now = self.clock.now()
        with self.reading() as work:
            program = work.programs.get()
            if program.standing is Standing.RESTORED:
                return Finding("standing-restored", Severity.WARNING)
            if program.restored_to is not None and _was_restored(work, now - LATELY):
                unknown = unproven(work, program.restored_to, now)
                told = {"start": f"{unknown.start:%Y-%m-%d %H:%M}", "end": f"{unknown.end:%Y-%m-%d %H:%M}"}
                return Finding("standing-unproven", Severity.WARNING, told)
        return Finding("standing-normal", Severity.FINE)


def _was_restored(work: UnitOfWork, since: datetime) -> bool:
    return any(entry.act is Act.PROGRAM_RESTORED for entry in work.audit.since(since))
