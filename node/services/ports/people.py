"""Where mentees and mentors are kept, and the pairs that are kept apart."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from node.domain.person import Candidate, Kind, Person, PersonId, PersonState


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleFilter:
    """Which people to list; what is left blank does not narrow the list.

    `text` is the beginning of names (three letters or more), a whole e-mail address or a whole phone number.
    `occupation` is five digits of a unit group, `language` a code of a language spoken at any level, `community` its
    name as the program writes it. `waiting_since` keeps who waits since that day or longer.
    `limit` and `after` turn pages: so many people, beginning behind this one.
    """

    kind: Kind | None = None
    state: PersonState | None = None
    text: str = ""
    occupation: str = ""
    language: str = ""
    community: str = ""
    waiting_since: date | None = None
    limit: int | None = None
    after: PersonId | None = None


Stamp = tuple[int, int, str]
"""Changes whenever anybody of a kind is added, changed or erased: how many, the sum of their versions, the last id."""


class People(Protocol):
    """The people of the program; what names them is sealed by whoever keeps them."""

    def add(self, people: Sequence[Person]) -> None:
        """Keep new people, each under a data key of her own."""
        ...

    def get(self, person: PersonId) -> Person:
        """One person. Raises: UnknownPersonError."""
        ...

    def several(self, wanted: Iterable[PersonId]) -> Mapping[PersonId, Person]:
        """These people, opened in as few queries as possible; who is not here is left out."""
        ...

    def find(self, wanted: PeopleFilter) -> tuple[Person, ...]:
        """People in the order they were added, sealed values opened."""
        ...

    def due_back(self, today: date) -> tuple[PersonId, ...]:
        """Paused people whose day to be back has come."""
        ...

    def gone(self, before: datetime) -> tuple[PersonId, ...]:
        """Who left, was added before a moment, and was not dealt with since."""
        ...

    def candidates(self, kind: Kind) -> tuple[Candidate, ...]:
        """Profiles of the active people of this kind; no sealed value is opened."""
        ...

    def stamp(self, kind: Kind) -> Stamp:
        """What tells whether `candidates` would answer as before."""
        ...

    def replace(self, person: Person) -> None:
        """Store a changed person whose `version` is the one that was read. Raises: ChangedMeanwhileError."""
        ...

    def erase(self, person: PersonId) -> None:
        """Destroy her data key and every row of hers. Raises: UnknownPersonError."""
        ...

    def known(self, traces: Iterable[str]) -> frozenset[str]:
        """Which of these traces (`node.domain.traces`) belong to somebody who is here already."""
        ...

    def holders(self, wanted: Iterable[str]) -> Mapping[str, frozenset[PersonId]]:
        """Who has which of these traces; what nobody has is left out."""
        ...

    def count(self, wanted: PeopleFilter | None = None) -> int:
        """How many people there are, or how many fit a filter on all its pages."""
        ...


class Exclusions(Protocol):
    """Pairs that must not be put together."""

    def add(self, mentee: PersonId, mentor: PersonId, at: datetime) -> None:
        """Keep a pair apart. Raises: AlreadyExcludedError."""
        ...

    def remove(self, mentee: PersonId, mentor: PersonId) -> None:
        """Allow the pair again. Raises: NotExcludedError."""
        ...

    def of(self, mentee: PersonId) -> frozenset[PersonId]:
        """Mentors this mentee is kept apart from."""
        ...

    def all(self) -> frozenset[tuple[PersonId, PersonId]]:
        """Every pair that is kept apart, mentee first."""
        ...
