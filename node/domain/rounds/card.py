"""A card on the need board as matching reads it: what little it says, and how long it has been open.

A card says an occupation, perhaps one language, how long its owner has waited, and how she would meet. Nothing else
about her is known outside her program, so a card is weighed like a person who left everything else unsaid: what is not
said counts half.
"""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from node.domain.community import CommunityId
from node.domain.language import Spoken
from node.domain.matching.points import Bonuses, points
from node.domain.person import Candidate, OccupationCode, PersonId, Profile
from protocol.ids import Digest
from protocol.vocabulary import Mode

RARE_ROUNDS = 2
"""Batches in which a card is put to nobody but mentors of its very occupation."""
SWEEPS = 4
"""Batches after these, in which similar occupations are asked too, with seats that stayed free."""
UNSAID = 5
"""The level at which a language that is named without a level counts half."""
OFFICIAL = ("en", "fr")
LOTS = 1024
"""Numbers in the lot among equals. With few of them many cards draw the same, and all programs ask for the first."""


class Stage(StrEnum):
    """Where a card is in its six batches."""

    RARE = "rare"
    SWEEP = "sweep"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An anonymous need. `language` None: English or French is fine. `age`: batches since the first that showed it."""

    id: Digest
    occupation: OccupationCode
    tier: int
    mode: Mode = Mode.EITHER
    language: str | None = None
    age: int = 0

    @property
    def stage(self) -> Stage:
        """Two rare rounds, four sweeps, over."""
        if self.age < RARE_ROUNDS:
            return Stage.RARE
        return Stage.SWEEP if self.age < RARE_ROUNDS + SWEEPS else Stage.OVER

    def as_candidate(self) -> Candidate:
        """Its owner as far as she is known: no town, one language at a middling level, and online.

        People of two programs meet online, whatever else either of them would like.
        """
        return unnamed(self.occupation, self.language)

    def points(self, fit: int, bonuses: Bonuses) -> int:
        """What the card is worth to a host, in public points; only needs without an exact mentor at home are posted."""
        return points(fit, self.tier, no_exact_mentor=True, bonuses=bonuses)


def unnamed(occupation: OccupationCode, language: str | None = None) -> Candidate:
    """Somebody of whom an occupation is known, perhaps a language, and nothing else."""
    spoken = OFFICIAL if language is None else (language,)
    profile = Profile(
        community=CommunityId(""),
        occupation=occupation,
        languages=tuple(Spoken(code, UNSAID) for code in spoken),
        mode=Mode.ONLINE,
    )
    return Candidate(id=PersonId(""), profile=profile)


def lot(*parts: str, tickets: int = 1) -> int:
    """The highest of 1 to 16 tickets, numbers below `LOTS` that are the same on every machine.

    They spread programs over cards that are worth alike, and the more so the fewer draw the same number.
    """
    drawn = sha256("\x00".join(parts).encode()).digest()
    return max(int.from_bytes(drawn[2 * place : 2 * place + 2]) for place in range(tickets)) * LOTS >> 16
