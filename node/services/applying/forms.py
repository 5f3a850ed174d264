"""What the program asks, changed without code: order, questions left out, words; and where people hear of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.errors import ChangedMeanwhileError
from node.domain.intake.question import Change, Form
from node.domain.intake.source import Source, code_of
from node.domain.person import Kind
from node.services.ports import Clock, OpenWork
from node.services.remember import remember


@dataclass(frozen=True, slots=True)
class ShowForm:
    """What one kind of people is asked."""

    reading: OpenWork

    def __call__(self, actor: Actor, kind: Kind) -> Form:
        """The form as it is now."""
        actor.may(Action.READ_PROGRAM)
        with self.reading() as work:
            return work.intake_forms.get(kind)

    def history(self, actor: Actor, kind: Kind) -> Sequence[Form]:
        """Every version that was made, newest first."""
        actor.may(Action.READ_PROGRAM)
        with self.reading() as work:
            return work.intake_forms.history(kind)


@dataclass(frozen=True, slots=True)
class ChangeForm:
    """Ask otherwise from now on; who is filling in the form at the moment keeps her answers."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, kind: Kind, change: Change, version: int) -> Form:
        """The next version; `version` is the one the editor saw.

        Raises: ChangedMeanwhileError, and the refusals of the change.
        """
        actor.may(Action.EDIT_PROGRAM)
        now = self.clock.now()
        with self.work() as work:
            form = work.intake_forms.get(kind)
            if form.version != version:
                raise ChangedMeanwhileError(table="intake_forms", row=kind)
            changed = form.changed(change, actor.id, now)
            work.intake_forms.add(changed)
            remember(work, actor, Act.INTAKE_CHANGED, f"{kind} {changed.version}", now)
        return changed


@dataclass(frozen=True, slots=True)
class ListSources:
    """Where people heard of the program."""

    reading: OpenWork

    def __call__(self, actor: Actor) -> tuple[Source, ...]:
        """Every source with its counts."""
        actor.may(Action.READ_PROGRAM)
        with self.reading() as work:
            return work.intake_forms.sources()


@dataclass(frozen=True, slots=True)
class AddSource:
    """Make a link of its own for one poster or partner."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, name: str) -> Source:
        """The source. Raises: SourceUnnamedError, SourceExistsError."""
        actor.may(Action.EDIT_PROGRAM)
        plain = " ".join(name.split())
        source = Source(code=code_of(plain), name=plain, made_at=self.clock.now())
        with self.work() as work:
            work.intake_forms.add_source(source)
            remember(work, actor, Act.SOURCE_ADDED, source.code, self.clock.now())
        return source


@dataclass(frozen=True, slots=True)
class RetireSource:
    """A poster came down, or hangs again."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, code: str, *, retired: bool) -> None:
        """Its counts stay; its link goes on working, and counts among the others. Raises: UnknownSourceError."""
        actor.may(Action.EDIT_PROGRAM)
        now = self.clock.now()
        with self.work() as work:
            work.intake_forms.retire_source(code, now if retired else None)
            remember(work, actor, Act.SOURCE_RETIRED if retired else Act.SOURCE_BACK, code, now)
