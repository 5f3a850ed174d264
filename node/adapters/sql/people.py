"""Mentees and mentors in SQL: profile in clear codes, contact sealed, found by keyed tokens."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, insert, literal, select

from node.adapters.sql.seals import Seals
from node.adapters.sql.tables import audit, communities, data_keys, people, search_tokens
from node.adapters.sql.versions import replace_row
from node.adapters.vault.file import FileVault
from node.domain.community import CommunityId
from node.domain.errors import UnknownPersonError
from node.domain.language import parse_languages, write_languages
from node.domain.matching.criteria.specialisation import special_words
from node.domain.person import (
    Candidate,
    Contact,
    Kind,
    OccupationCode,
    Person,
    PersonId,
    PersonState,
    Profile,
    Visibility,
    Wish,
    parse_slots,
)
from node.domain.traces import is_whole, search_traces, traces
from node.services.ports.people import PeopleFilter, Stamp
from protocol.vocabulary import Mode, Topic

_Item = TypeVar("_Item")
_BATCH = 500
_MOST_ASKED = 10_000
"""SQLite takes 32,766 values in one statement."""
_TEXTS = ("name", "email", "phone", "availability", "notes", "specialisation")
_TOKEN_DIGITS = 16
_MOST_TOKENS = 100


class SqlPeople:
    """The table of people and its search tokens."""

    def __init__(self, connection: Connection, seals: Seals, vault: FileVault) -> None:
        """Works inside one transaction."""
        self._connection = connection
        self._seals = seals
        self._vault = vault

    def add(self, newcomers: Sequence[Person]) -> None:
        """Keep new people, each under a data key of her own."""
        for batch in _batches(newcomers):
            self._seals.make_keys(person.id for person in batch)
            self._connection.execute(
                insert(people),
                [{"id": p.id, "added_at": p.added_at, "version": p.version, **self._editable(p)} for p in batch],
            )
            self._add_tokens(batch)

    def get(self, person: PersonId) -> Person:
        """One person. Raises: UnknownPersonError."""
        row = self._connection.execute(_with_key().where(people.c.id == person)).one_or_none()
        if row is None:
            raise UnknownPersonError(person=person)
        return self._person(row)

    def several(self, wanted: Iterable[PersonId]) -> Mapping[PersonId, Person]:
        """These people, opened in as few queries as the database allows; who is not here is left out."""
        ids = sorted(set(wanted))
        asked = (ids[start : start + _MOST_ASKED] for start in range(0, len(ids), _MOST_ASKED))
        rows = (self._connection.execute(_with_key().where(people.c.id.in_(some))) for some in asked)
        return {found.id: found for some in rows for found in map(self._person, some)}

    def find(self, wanted: PeopleFilter) -> tuple[Person, ...]:
        """People in the order they were added, sealed values opened."""
        statement = _with_key().where(*self._fits(wanted)).order_by(people.c.id).limit(wanted.limit)
        if wanted.after is not None:
            statement = statement.where(people.c.id > wanted.after)
        return tuple(self._person(row) for row in self._connection.execute(statement))

    def _fits(self, wanted: PeopleFilter) -> Iterator[ColumnElement[bool]]:
        """What a person must fit, whichever page is asked for."""
        exact = (people.c.kind, wanted.kind), (people.c.state, wanted.state), (people.c.occupation, wanted.occupation)
        yield from (column == value for column, value in exact if value)
        if wanted.language:
            # As `write_languages` writes them: `en:8; fr:4`.
            yield (literal("; ") + people.c.languages).contains(f"; {wanted.language}:", autoescape=True)
        if wanted.community:
            yield people.c.community.in_(select(communities.c.id).where(communities.c.name == wanted.community))
        if wanted.waiting_since is not None:
            yield people.c.waiting_since <= wanted.waiting_since
        for trace in sorted(search_traces(wanted.text)):
            holders = select(search_tokens.c.person).where(search_tokens.c.token == self._vault.token(trace))
            yield people.c.id.in_(holders)

    def due_back(self, today: date) -> tuple[PersonId, ...]:
        """Paused people whose day to be back has come."""
        due = (people.c.state == PersonState.PAUSED) & (people.c.paused_until <= today)
        found = self._connection.execute(select(people.c.id).where(due).order_by(people.c.id)).scalars()
        return tuple(PersonId(person) for person in found)

    def gone(self, before: datetime) -> tuple[PersonId, ...]:
        """Who left, was added before a moment, and was not dealt with since."""
        dealt = select(audit.c.id).where(audit.c.subject == people.c.id, audit.c.at >= before)
        wanted = select(people.c.id).where(people.c.state == PersonState.LEFT, people.c.added_at < before)
        found = self._connection.execute(wanted.where(~dealt.exists()).order_by(people.c.id))
        return tuple(map(PersonId, found.scalars()))

    def candidates(self, kind: Kind) -> tuple[Candidate, ...]:
        """Profiles of the active people of this kind."""
        wanted = (people.c.kind == kind) & (people.c.state == PersonState.ACTIVE)
        rows = self._connection.execute(select(people).where(wanted).order_by(people.c.id))
        return tuple(Candidate(id=PersonId(row.id), profile=_profile(row)) for row in rows)

    def stamp(self, kind: Kind) -> Stamp:
        """What tells whether `candidates` would answer as before; ids grow with time."""
        row = self._connection.execute(
            select(func.count(), func.coalesce(func.sum(people.c.version), 0), func.coalesce(func.max(people.c.id), ""))
            .select_from(people)
            .where(people.c.kind == kind)
        ).one()
        return int(row[0]), int(row[1]), str(row[2])

    def replace(self, person: Person) -> None:
        """Store a changed person. Raises: ChangedMeanwhileError."""
        replace_row(self._connection, people, person.id, person.version, self._editable(person))
        self._connection.execute(delete(search_tokens).where(search_tokens.c.person == person.id))
        self._add_tokens([person])

    def erase(self, person: PersonId) -> None:
        """Destroy her data key; every row of hers goes with it. Raises: UnknownPersonError."""
        if self._connection.execute(select(people.c.id).where(people.c.id == person)).first() is None:
            raise UnknownPersonError(person=person)
        self._connection.execute(delete(data_keys).where(data_keys.c.subject == person))

    def known(self, wanted: Iterable[str]) -> frozenset[str]:
        """Which of these traces belong to somebody who is here already."""
        return frozenset(self.holders(wanted))

    def holders(self, wanted: Iterable[str]) -> dict[str, frozenset[PersonId]]:
        """Who has which of these traces; what nobody has is left out."""
        tokens = {self._vault.token(trace): trace for trace in wanted}
        found = defaultdict[str, set[PersonId]](set)
        for batch in _batches(tuple(tokens)):
            statement = select(search_tokens.c.token, search_tokens.c.person).where(search_tokens.c.token.in_(batch))
            for row in self._connection.execute(statement):
                found[tokens[row.token]].add(PersonId(row.person))
        return {trace: frozenset(held) for trace, held in found.items()}

    def count(self, wanted: PeopleFilter | None = None) -> int:
        """How many people there are, or fit a filter on all its pages."""
        fitting = self._fits(wanted or PeopleFilter())
        return self._connection.execute(select(func.count()).select_from(people).where(*fitting)).scalar_one()

    def _add_tokens(self, newcomers: Sequence[Person]) -> None:
        rows = [
            {"token": self._vault.token(trace), "person": person.id, "whole": is_whole(trace)}
            for person in newcomers
            for trace in traces(person.contact)
        ]
        self._connection.execute(insert(search_tokens), rows)

    def _editable(self, person: Person) -> dict[str, object]:
        profile = person.profile
        return {
            "kind": person.kind,
            "state": person.state,
            "paused_until": person.paused_until,
            "contact": self._seals.seal_fields(people.c.contact, person.id, _contact_fields(person.contact)),
            "community": profile.community,
            "occupation": profile.occupation,
            "languages": write_languages(profile.languages),
            "mode": profile.mode,
            "topics": " ".join(profile.topics),
            "slots": " ".join(profile.slots),
            "time_zone": profile.time_zone,
            "seats": profile.seats,
            "visibility": profile.visibility,
            "years_experience": profile.years_experience,
            "arrived_on": profile.arrived_on,
            "waiting_since": profile.waiting_since,
            "wishes": " ".join(profile.wishes),
            "specialities": self._specialities(person.contact.specialisation),
        }

    def _specialities(self, text: str) -> str:
        """Keyed tokens of the words, so that equal words can be found without opening anything."""
        tokens = {self._vault.token(f"speciality:{word}").hex()[:_TOKEN_DIGITS] for word in special_words(text)}
        return " ".join(sorted(tokens)[:_MOST_TOKENS])

    def _person(self, row: Row[tuple[object, ...]]) -> Person:
        self._seals.learn(row.id, row.wrapped, row.master_version)
        fields = self._seals.open_fields(people.c.contact, row.id, row.contact)
        born = fields.pop("birth_date", "")
        return Person(
            id=PersonId(row.id),
            kind=Kind(row.kind),
            state=PersonState(row.state),
            paused_until=row.paused_until,
            contact=Contact(birth_date=date.fromisoformat(born) if born else None, **fields),
            profile=_profile(row),
            added_at=row.added_at,
            version=row.version,
        )


def _with_key() -> Select[tuple[object, ...]]:
    keys = data_keys.c.wrapped, data_keys.c.master_version
    return select(people, *keys).join(data_keys, data_keys.c.subject == people.c.id)


def _contact_fields(contact: Contact) -> dict[str, str]:
    texts = {name: str(getattr(contact, name)) for name in _TEXTS}
    return texts | ({"birth_date": contact.birth_date.isoformat()} if contact.birth_date else {})


def _profile(row: Row[tuple[object, ...]]) -> Profile:
    return Profile(
        community=CommunityId(row.community),
        occupation=OccupationCode(row.occupation),
        languages=parse_languages(row.languages),
        mode=Mode(row.mode),
        topics=tuple(Topic(topic) for topic in row.topics.split()),
        slots=parse_slots(row.slots),
        time_zone=row.time_zone,
        seats=row.seats,
        visibility=Visibility(row.visibility),
        years_experience=row.years_experience,
        arrived_on=row.arrived_on,
        waiting_since=row.waiting_since,
        wishes=tuple(Wish(wish) for wish in row.wishes.split()),
        specialities=tuple(row.specialities.split()),
    )


def _batches(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))
