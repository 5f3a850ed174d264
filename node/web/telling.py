"""What pages say of needs, mentors and letters of other programs: codes in words, lists as people say them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from node.domain.consent import Given
from node.domain.language import FLUENT, Spoken
from node.words import Words, catalogue

WAYS = tuple(way for way in Given if way is not Given.WEB)
"""How somebody says yes to a person at a desk."""


@dataclass(frozen=True, slots=True)
class Telling:
    """Says lists in one language."""

    say: Words

    def tongue(self, code: str) -> str:
        """The name of a language, or its code where no table has one."""
        return self.say(f"language.{code}") if f"language.{code}" in catalogue() else code

    def tongues(self, codes: Iterable[str]) -> str:
        """Several languages."""
        return ", ".join(map(self.tongue, codes))

    def spoken(self, spoken: Iterable[Spoken]) -> str:
        """Languages with their levels; who is fluent has none."""
        return ", ".join(
            self.tongue(one.code)
            if one.level == FLUENT
            else self.say("across.level", language=self.tongue(one.code), level=one.level)
            for one in spoken
        )

    def listed(self, family: str, codes: Iterable[str]) -> str:
        """Codes of one family of words."""
        return ", ".join(self.say(f"{family}.{code}") for code in codes)


def moment_of(day: date, now: datetime) -> datetime:
    """When somebody said something on a day: now, if it is today's."""
    return now if day == now.date() else datetime.combine(day, time(12), UTC)
