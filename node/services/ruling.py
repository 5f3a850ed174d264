"""The program's own rules: shown, tried, kept. Trying says what would change before anything does."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.errors import ChangedMeanwhileError
from node.domain.matching.rules import Rules
from node.domain.person import Candidate, Kind, PersonId
from node.services.drafting.posing import pose
from node.services.matching.bench import Bench, Benches
from node.services.ports import OpenWork, UnitOfWork
from node.services.ports.assigner import Assigner
from node.services.ports.matching import RuleBook
from node.services.remember import remember

SAMPLE = 500
"""Mentees whose suggestions are compared; of more, so many at even distances, and the count is scaled up."""
_FIRST = 10
_TOLD = 12
_DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesView:
    """The rules as a person reads and edits them; `version` changes with every word of them."""

    text: str
    rules: Rules
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AffectedView:
    """A mentee for whom another mentor would come first, or none, or one at last."""

    mentee: PersonId
    name: str
    before: PersonId | None
    before_name: str
    after: PersonId | None
    after_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectView:
    """What other rules would change: for how many mentees another mentor would come first, or the first ten change.

    `gained` and `lost` count pairs that hard rules would newly allow and forbid. `estimated`: not everybody was asked,
    only `asked`. `for_locals`: matches that seats kept for locals would cost a draft made now; None if none are kept.
    """

    text: str
    rules: Rules
    mentees: int
    asked: int
    first_changes: int
    list_changes: int
    gained: int
    lost: int
    estimated: bool
    affected: tuple[AffectedView, ...]
    for_locals: int | None


@dataclass(frozen=True, slots=True)
class ShowRules:
    """The rules in force."""

    rules: RuleBook

    def __call__(self, actor: Actor) -> RulesView:
        """The rules. Raises: UnreadableRulesError and the refusals of `Rules`."""
        actor.may(Action.REVIEW)
        return _view(self.rules, self.rules.read())


def _view(book: RuleBook, rules: Rules) -> RulesView:
    text = book.text(rules)
    return RulesView(text=text, rules=rules, version=hashlib.sha256(text.encode()).hexdigest()[:_DIGITS])


def _wanted(book: RuleBook, wanted: Rules | str) -> Rules:
    return book.parse(wanted) if isinstance(wanted, str) else wanted


@dataclass(frozen=True, slots=True)
class TryRules:
    """Say what other rules would change; nothing is kept."""

    reading: OpenWork
    benches: Benches
    assigner: Assigner

    def __call__(self, actor: Actor, wanted: Rules | str, sample: int = SAMPLE) -> EffectView:
        """The effect. Raises: UnreadableRulesError and the refusals of `Rules`."""
        actor.may(Action.MATCH)
        rules = _wanted(self.benches.rules, wanted)
        with self.reading() as work:
            before, after = self.benches.of(work), self.benches.under(work, rules)
            effect = _effect(before, after, work.people.candidates(Kind.MENTEE), sample)
            people = {one for found in effect.affected for one in (found.mentee, found.before, found.after)}
            named = work.desk.names(person for person in people if person is not None)
            keep = rules.drafts.local_seats_percent
            return replace(
                effect,
                text=self.benches.rules.text(rules),
                affected=_named(effect.affected, named),
                for_locals=self._cost(work, after, keep) if keep else None,
            )

    def _cost(self, work: UnitOfWork, bench: Bench, keep: int) -> int:
        """Matches that seats kept for locals would cost now: two drafts are solved, and none is kept."""
        now = self.benches.clock.now()
        free, kept = pose(work, bench, now), pose(work, bench, now, keep_percent=keep)
        return self.assigner(free.problem).matched - self.assigner(kept.problem).matched


@dataclass(frozen=True, slots=True)
class SaveRules:
    """Keep other rules from now on."""

    work: OpenWork
    benches: Benches

    def __call__(self, actor: Actor, wanted: Rules | str, version: str | None = None) -> RulesView:
        """The rules now in force; with `version` only if nobody changed them since they were read.

        Raises: NotAllowedError, ChangedMeanwhileError, UnreadableRulesError and the refusals of `Rules`.
        """
        actor.may(Action.EDIT_RULES)
        book = self.benches.rules
        rules = _wanted(book, wanted)
        with self.work() as work:
            remember(work, actor, Act.RULES_CHANGED, work.programs.get().id, self.benches.clock.now())
            # Read after the act was written: of two who save, the second waits there, and is told.
            if version is not None and _view(book, book.read()).version != version:
                raise ChangedMeanwhileError(table="rules", row="")
            book.write(rules)
        return _view(book, rules)


def _effect(before: Bench, after: Bench, mentees: tuple[Candidate, ...], sample: int) -> EffectView:
    step = -(-len(mentees) // sample) or 1
    asked = mentees[::step]
    lists = gained = lost = 0
    affected = []
    for mentee in asked:
        (old, old_open), (new, new_open) = _best(before, mentee), _best(after, mentee)
        if old[:1] != new[:1]:
            affected.append(_affected(mentee.id, next(iter(old), None), next(iter(new), None)))
        lists += old != new
        gained += len(new_open - old_open)
        lost += len(old_open - new_open)
    scale = len(mentees) / len(asked) if asked else 1
    return EffectView(
        text="",
        rules=after.scale.rules,
        mentees=len(mentees),
        asked=len(asked),
        first_changes=round(len(affected) * scale),
        list_changes=round(lists * scale),
        gained=round(gained * scale),
        lost=round(lost * scale),
        estimated=step > 1,
        affected=tuple(affected[:_TOLD]),
        for_locals=None,
    )


def _affected(mentee: PersonId, before: PersonId | None, after: PersonId | None) -> AffectedView:
    return AffectedView(mentee=mentee, name="", before=before, before_name="", after=after, after_name="")


def _named(affected: Iterable[AffectedView], names: Mapping[PersonId, str]) -> tuple[AffectedView, ...]:
    return tuple(
        replace(
            one,
            name=names[one.mentee],
            before_name=names[one.before] if one.before else "",
            after_name=names[one.after] if one.after else "",
        )
        for one in affected
    )


def _best(bench: Bench, mentee: Candidate) -> tuple[list[PersonId], set[int]]:
    """The mentors who come first, and the places of all whom the rules allow."""
    forbidden = bench.pool.forbidden(mentee)
    allowed = {place for place, bits in enumerate(forbidden) if not bits}
    found = bench.pool.best(mentee, _FIRST, allowed.__contains__)
    return [bench.pool.mentors[place].id for place, _ in found], allowed
