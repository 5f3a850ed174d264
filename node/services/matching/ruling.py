"""The program's own rules: shown, tried, kept. Trying says what would change before anything does."""

from dataclasses import dataclass

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.person import Candidate, Kind, PersonId
from node.services.matching.bench import Bench, Benches
from node.services.ports import OpenWork
from node.services.ports.matching import RuleBook
from node.services.remember import remember

_SAMPLE = 500
"""Mentees whose suggestions are compared; of more, so many at even distances, and the count is scaled up."""
_FIRST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesView:
    """The rules as a person reads and edits them."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectView:
    """What other rules would change: for how many mentees another mentor would come first, or the first ten change.

    `gained` and `lost` count pairs that hard rules would newly allow and forbid. `estimated`: not everybody was asked.
    """

    text: str
    mentees: int
    first_changes: int
    list_changes: int
    gained: int
    lost: int
    estimated: bool


@dataclass(frozen=True, slots=True)
class ShowRules:
    """The rules in force."""

    rules: RuleBook

    def __call__(self, actor: Actor) -> RulesView:
        """The rules. Raises: UnreadableRulesError and the refusals of `Rules`."""
        actor.may(Action.MATCH)
        return RulesView(text=self.rules.text(self.rules.read()))


@dataclass(frozen=True, slots=True)
class TryRules:
    """Say what other rules would change; nothing is kept."""

    reading: OpenWork
    benches: Benches

    def __call__(self, actor: Actor, text: str) -> EffectView:
        """The effect. Raises: UnreadableRulesError and the refusals of `Rules`."""
        actor.may(Action.MATCH)
        rules = self.benches.rules.parse(text)
        with self.reading() as work:
            before, after = self.benches.of(work), self.benches.under(work, rules)
            mentees = work.people.candidates(Kind.MENTEE)
        return _effect(self.benches.rules.text(rules), before, after, mentees)


@dataclass(frozen=True, slots=True)
class SaveRules:
    """Keep other rules from now on."""

    work: OpenWork
    benches: Benches

    def __call__(self, actor: Actor, text: str) -> RulesView:
        """The rules now in force. Raises: NotAllowedError, UnreadableRulesError and the refusals of `Rules`."""
        actor.may(Action.EDIT_RULES)
        rules = self.benches.rules.parse(text)
        with self.work() as work:
            remember(work, actor, Act.RULES_CHANGED, work.programs.get().id, self.benches.clock.now())
            self.benches.rules.write(rules)
        return RulesView(text=self.benches.rules.text(rules))


def _effect(text: str, before: Bench, after: Bench, mentees: tuple[Candidate, ...]) -> EffectView:
    step = -(-len(mentees) // _SAMPLE) or 1
    asked = mentees[::step]
    firsts = lists = gained = lost = 0
    for mentee in asked:
        (old, old_open), (new, new_open) = _best(before, mentee), _best(after, mentee)
        firsts += old[:1] != new[:1]
        lists += old != new
        gained += len(new_open - old_open)
        lost += len(old_open - new_open)
    scale = len(mentees) / len(asked) if asked else 1
    return EffectView(
        text=text,
        mentees=len(mentees),
        first_changes=round(firsts * scale),
        list_changes=round(lists * scale),
        gained=round(gained * scale),
        lost=round(lost * scale),
        estimated=step > 1,
    )


def _best(bench: Bench, mentee: Candidate) -> tuple[list[PersonId], set[int]]:
    """The mentors who come first, and the places of all whom the rules allow."""
    forbidden = bench.pool.forbidden(mentee)
    allowed = {place for place, bits in enumerate(forbidden) if not bits}
    found = bench.pool.best(mentee, _FIRST, allowed.__contains__)
    return [bench.pool.mentors[place].id for place, _ in found], allowed
