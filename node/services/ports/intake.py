"""Where the program's own questions, its sources, and the answers of people who want to take part are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from node.domain.intake.application import Application, ApplicationId, Stage
from node.domain.intake.question import Form
from node.domain.intake.source import Source
from node.domain.person import Kind
from node.domain.signin import TokenDigest


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """Somebody whose answers wait to be read: no sealed value is opened to know it."""

    application: ApplicationId
    kind: Kind
    sent_at: datetime


class IntakeForms(Protocol):
    """Every version of the forms, and the sources."""

    def get(self, kind: Kind) -> Form:
        """The newest version, or the usual form."""
        ...

    def history(self, kind: Kind) -> Sequence[Form]:
        """Every version that was made, newest first."""
        ...

    def add(self, form: Form) -> None:
        """Keep the next version. Raises: ChangedMeanwhileError."""
        ...

    def sources(self) -> tuple[Source, ...]:
        """Every source by name; the blank one, which counts all the others, first."""
        ...

    def add_source(self, source: Source) -> None:
        """Keep a new source. Raises: SourceExistsError."""
        ...

    def retire_source(self, code: str, at: datetime | None) -> None:
        """Count nobody under a source from a moment on; with None count under it again. Raises: UnknownSourceError."""
        ...

    def count_started(self, code: str) -> str:
        """Somebody began by this source; the code that counted it, blank for one unknown or retired."""
        ...

    def count_finished(self, code: str) -> None:
        """Somebody who began by this source sent her answers."""
        ...


class Applications(Protocol):
    """Answers of people who are not in the program yet, each sealed under a data key of its own."""

    def add(self, application: Application) -> None:
        """Keep a new one."""
        ...

    def get(self, application: ApplicationId) -> Application:
        """One. Raises: UnknownApplicationError."""
        ...

    def by_link(self, link: TokenDigest) -> Application | None:
        """The one a link opens."""
        ...

    def replace(self, application: Application) -> None:
        """Store a changed one. Raises: ChangedMeanwhileError."""
        ...

    def remove(self, application: ApplicationId) -> None:
        """Destroy its data key, and it with it."""
        ...

    def at(self, stage: Stage) -> tuple[Application, ...]:
        """Those at a stage, oldest first, sealed values opened."""
        ...

    def page(self, stage: Stage, limit: int, after: ApplicationId | None) -> tuple[Application, ...]:
        """So many at a stage, behind one of them: those who wait oldest first, the others newest first."""
        ...

    def arrived(self, limit: int) -> tuple[Arrived, ...]:
        """Those that wait to be read, oldest first."""
        ...

    def over(self, stage: Stage, before: datetime) -> tuple[ApplicationId, ...]:
        """Those at a stage that have been there since before a moment: begun, sent or decided then."""
        ...

    def claim_mail(self, at: datetime, until: datetime, limit: int) -> tuple[Application, ...]:
        """Those whose letter is due; nobody else is given them until a later moment."""
        ...
