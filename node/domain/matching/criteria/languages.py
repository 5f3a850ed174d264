"""How easily the two can talk: the best language they share, at the lower of their levels.

A mentee's level is that of the Canadian Language Benchmarks; a mentor without a level is fluent.
"""

from dataclasses import dataclass

from node.domain.language import Spoken, in_common
from node.domain.matching.finding import Aspect, Finding, Reason
from node.domain.person import Candidate

_SHARES = ((9, 100, Reason.EASY_TALK), (7, 80, Reason.EASY_TALK), (5, 50, Reason.FAIR_TALK), (1, 20, Reason.HARD_TALK))
"""From a level on: the share, and what is said."""


@dataclass(frozen=True, slots=True)
class EasyTalk:
    """Languages."""

    aspect: Aspect = Aspect.LANGUAGES

    def trait(self, person: Candidate) -> tuple[Spoken, ...]:
        """The languages a person speaks."""
        return person.profile.languages

    def compare(self, mentee: tuple[Spoken, ...], mentor: tuple[Spoken, ...]) -> Finding:
        """The ease of their best shared language; that there is none is said by the hard rule."""
        shared = in_common(mentee, mentor)
        if not shared:
            return Finding(0, speaks_for=False)
        best = shared[0]
        share, reason = next((share, reason) for level, share, reason in _SHARES if best.level >= level)
        details = (("language", best.code), ("level", best.level))
        return Finding(share, reason, speaks_for=reason is not Reason.HARD_TALK, details=details)
