"""The rules a program sets itself: what each criterion weighs, what is asked of people, how drafts are made."""

from dataclasses import dataclass, field, fields

from node.domain.errors import DomainError
from node.domain.language import LEVELS, TALKING
from node.domain.matching.finding import Aspect

HIGHEST = 900
"""The fit of a pair for which every criterion is met wholly."""
_HEAVIEST = 10_000
_FARTHEST_KM = 10_000
_LONGEST_YEARS = 100
_MOST_KEPT = 90


class RuleOutOfRangeError(DomainError):
    """A rule has a value that makes no sense; `rule` says which, `least` and `most` what does."""

    code = "rule-out-of-range"


class UnreadableRulesError(DomainError):
    """The rules cannot be read; `rule` says which of them."""

    code = "unreadable-rules"


class NothingWeighsError(DomainError):
    """Every criterion is switched off."""

    code = "nothing-weighs"


def _within(rule: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise RuleOutOfRangeError(rule=rule, least=least, most=most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What each criterion weighs beside the others; 0 switches it off."""

    occupation: int = 400
    specialisation: int = 80
    topics: int = 120
    languages: int = 80
    experience: int = 40
    hours: int = 90
    place: int = 60
    preferences: int = 30
    waiting: int = 0

    def __post_init__(self) -> None:
        """Refuse weights that cannot be scaled. Raises: RuleOutOfRangeError, NothingWeighsError."""
        for weight in fields(self):
            _within(f"weights.{weight.name}", getattr(self, weight.name), 0, _HEAVIEST)
        if not any(getattr(self, aspect) for aspect in Aspect):
            raise NothingWeighsError

    def points(self) -> tuple[int, ...]:
        """The most points of each criterion, in the order of `Aspect`: whole numbers that add up to 900.

        What rounding down leaves over goes to the largest remainders, of equal ones to the first.
        """
        weights = [int(getattr(self, aspect)) for aspect in Aspect]
        total = sum(weights)
        scaled = [divmod(weight * HIGHEST, total) for weight in weights]
        left = HIGHEST - sum(whole for whole, _ in scaled)
        largest = sorted(range(len(scaled)), key=lambda place: (-scaled[place][1], place))[:left]
        return tuple(whole + (place in largest) for place, (whole, _) in enumerate(scaled))


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is asked of people before anything is weighed."""

    language_level: int = TALKING
    in_person_km: int = 60
    same_pair_again: bool = False
    eligible_level: int = 0
    eligible_years: int = 0

    def __post_init__(self) -> None:
        """Refuse limits that make no sense. Raises: RuleOutOfRangeError."""
        _within("limits.language_level", self.language_level, TALKING, LEVELS[-1])
        _within("limits.in_person_km", self.in_person_km, 0, _FARTHEST_KM)
        _within("limits.eligible_level", self.eligible_level, 0, LEVELS[-1])
        _within("limits.eligible_years", self.eligible_years, 0, _LONGEST_YEARS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafting:
    """How drafts are made: how similar an occupation must be (percent), sign-off, seats kept for the home town."""

    similar_percent: int = 30
    second_person: bool = False
    local_seats_percent: int = 0

    def __post_init__(self) -> None:
        """Refuse what makes no sense. Raises: RuleOutOfRangeError."""
        _within("drafts.similar_percent", self.similar_percent, 0, 100)
        _within("drafts.local_seats_percent", self.local_seats_percent, 0, _MOST_KEPT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of one program."""

    weights: Weights = field(default_factory=Weights)
    limits: Limits = field(default_factory=Limits)
    drafts: Drafting = field(default_factory=Drafting)


PUBLIC = Rules()
"""The usual rules, by which points across programs are reckoned."""
