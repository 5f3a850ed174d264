"""Two entries become one, in SQL: every row that points at the one who goes is found by the schema itself."""

from collections.abc import Iterator
from typing import TypeVar

from sqlalchemy import Column, ColumnElement, Connection, Row, Table, and_, delete, func, insert, select, update

from node.adapters.sql.records import links
from node.adapters.sql.seals import Seals
from node.adapters.sql.tables import (
    BOARD,
    FOLK,
    MATCHING,
    METADATA,
    PAIRS,
    PRIVACY,
    SIGNIN,
    agreements,
    consents,
    data_keys,
    letters,
    people,
    search_tokens,
)
from node.domain.actor import UserId
from node.domain.merging import Merge
from node.domain.person import PersonId

_Value = TypeVar("_Value")
SEALED: tuple[Column[bytes], ...] = (
    FOLK.notes.c.words,
    PAIRS.notes.c.words,
    PAIRS.plans.c.place,
    agreements.c.words,
    consents.c.wording,
    letters.c.link,
    letters.c.other,
    BOARD.own_cards.c.secret,
)
"""What is under the key of the person its row points at: it moves under the key of the one who stays."""

LEFT_BEHIND = {
    search_tokens: "made anew of what stands now",
    FOLK.unlike: "the pair is one person after all",
    MATCHING.pairs: "a draft is only a proposal",
    MATCHING.unmatched: "a draft is only a proposal",
    MATCHING.changes: "a draft is only a proposal",
    SIGNIN.participant_links: "links and sessions are of the address that goes",
    SIGNIN.participant_sessions: "links and sessions are of the address that goes",
}
"""Tables whose rows do not move, and why; they go with the one who goes."""

_ONE_EACH = (MATCHING.pins.c.mentee,)
_NAMED = (PAIRS.notes.c.author,)


class SqlMerges:
    """The tables of merges and of pairs told apart."""

    def __init__(self, connection: Connection, seals: Seals) -> None:
        """Works inside one transaction."""
        self._connection = connection
        self._seals = seals

    def alike(self, limit: int) -> tuple[tuple[PersonId, PersonId], ...]:
        """Pairs of one kind that share a whole trace and are not told apart."""
        token, one, other, apart = search_tokens.c.token, search_tokens.alias(), search_tokens.alias(), FOLK.unlike
        first, second = people.alias(), people.alias()
        # Found first in the index alone: of many thousand traces few are held by two.
        shared = select(token).where(search_tokens.c.whole).group_by(token).having(func.count() > 1).subquery()
        told = select(apart.c.one).where(apart.c.one == one.c.person, apart.c.other == other.c.person)
        wanted = (
            select(one.c.person, other.c.person)
            .distinct()
            .join_from(shared, one, one.c.token == shared.c.token)
            .join(other, and_(other.c.token == one.c.token, one.c.person < other.c.person))
            .join(first, first.c.id == one.c.person)
            .join(second, and_(second.c.id == other.c.person, second.c.kind == first.c.kind))
            .where(~told.exists())
            .order_by(one.c.person, other.c.person)
            .limit(limit)
        )
        return tuple((PersonId(row[0]), PersonId(row[1])) for row in self._connection.execute(wanted))

    def tell_apart(self, one: PersonId, other: PersonId) -> None:
        """Remember that these are two people."""
        lower, higher = sorted((one, other))
        table = FOLK.unlike
        known = select(table.c.one).where(table.c.one == lower, table.c.other == higher)
        if self._connection.execute(known).first() is None:
            self._connection.execute(insert(table).values(one=lower, other=higher))

    def absorb(self, merge: Merge) -> None:
        """Move everything that hangs on the one who goes, and destroy what is left of her."""
        self._reseal_offers(merge)
        # The ledger goes on vouching for each change of visibility under the id it was made for.
        history = PRIVACY.visibilities
        first = and_(history.c.person == merge.gone, history.c.made_for.is_(None))
        self._connection.execute(update(history).where(first).values(made_for=merge.gone))
        for table in METADATA.sorted_tables:
            if table not in LEFT_BEHIND:
                for link in links(table):
                    self._move(table, link, merge)
        for named in _NAMED:
            self._connection.execute(update(named.table).where(named == merge.gone).values({named: merge.person}))
        self._connection.execute(delete(data_keys).where(data_keys.c.subject == merge.gone))
        values = {"gone": merge.gone, "person": merge.person, "at": merge.at, "by": merge.by}
        self._connection.execute(insert(FOLK.merges).values(values))

    def of(self, person: PersonId) -> tuple[Merge, ...]:
        """Who was merged into a person, oldest first."""
        table = FOLK.merges
        rows = self._connection.execute(select(table).where(table.c.person == person).order_by(table.c.at))
        return tuple(Merge(gone=PersonId(r.gone), person=person, at=r.at, by=UserId(r.by)) for r in rows)

    def _move(self, table: Table, link: Column[object], merge: Merge) -> None:
        """Point rows at the one who stays, unless the same row of hers is there already."""
        has_one = select(link).where(link == merge.person)
        if link in _ONE_EACH and self._connection.execute(has_one).first() is not None:
            return
        for row in self._connection.execute(select(table).where(link == merge.gone)).all():
            if link.primary_key and self._stands(table, link, row, merge):
                continue
            values: dict[str, object] = {link.name: merge.person, **dict(self._resealed(table, row, merge))}
            self._connection.execute(update(table).where(_is(table, row)).values(values))

    def _stands(self, table: Table, link: Column[object], row: Row[tuple[object, ...]], merge: Merge) -> bool:
        same = (key == (merge.person if key is link else _cell(row, key)) for key in table.primary_key)
        return self._connection.execute(select(link).where(and_(*same))).first() is not None

    def _resealed(self, table: Table, row: Row[tuple[object, ...]], merge: Merge) -> Iterator[tuple[str, bytes]]:
        for column in SEALED:
            if column.table is table and _cell(row, column) is not None:
                opened = self._seals.open_bytes(column, merge.gone, _cell(row, column))
                yield column.name, self._seals.seal_bytes(column, merge.person, opened)

    def _reseal_offers(self, merge: Merge) -> None:
        """Offers hang on a card of hers, their tickets under her own key."""
        offers, cards = BOARD.offers, BOARD.own_cards
        hers = select(offers).join(cards, cards.c.id == offers.c.card).where(cards.c.person == merge.gone)
        for row in self._connection.execute(hers).all():
            opened = self._seals.open_bytes(offers.c.ticket, merge.gone, row.ticket)
            ticket = self._seals.seal_bytes(offers.c.ticket, merge.person, opened)
            self._connection.execute(update(offers).where(offers.c.id == row.id).values(ticket=ticket))


def _is(table: Table, row: Row[tuple[object, ...]]) -> ColumnElement[bool]:
    return and_(*(key == _cell(row, key) for key in table.primary_key))


def _cell(row: Row[tuple[object, ...]], column: Column[_Value]) -> _Value:
    value: _Value = getattr(row, column.name)
    return value
