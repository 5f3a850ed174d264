"""Drafts as boards in SQL: counted, compared and read part by part; the rows of a large draft stay where they are."""

from collections.abc import Collection

from sqlalchemy import (
    CTE,
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Row,
    Select,
    String,
    Table,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)

from node.adapters.sql.tables import MATCHING, people
from node.domain.drafts import DraftId, DraftPair, NotInDraftError, Standing, Unmatched, Why
from node.domain.person import PersonId, PersonState
from node.services.ports.draft_boards import Difference, Differing, Filled, Tally

_PAIRS, _LEFT = MATCHING.pairs, MATCHING.unmatched


class SqlDraftBoards:
    """What a board asks of the tables of drafts."""

    def __init__(self, connection: Connection) -> None:
        """Works inside one transaction."""
        self._connection = connection

    def tallies(self, draft: DraftId) -> tuple[Tally, ...]:
        """How many stand how, by tier and by why."""
        pairs, left = _PAIRS.c, _LEFT.c
        seated = (
            select(
                pairs.tier,
                null(),
                func.count(),
                func.sum(pairs.fit),
                func.count().filter(pairs.by_hand),
                func.count(pairs.one_by_one),
            )
            .where(pairs.draft == draft)
            .group_by(pairs.tier)
        )
        alone = (
            select(left.tier, left.why, func.count(), literal(0), literal(0), func.count(left.one_by_one))
            .where(left.draft == draft)
            .group_by(left.tier, left.why)
        )
        return tuple(
            Tally(tier=tier, why=Why(why) if why else None, people=count, fit=fit, by_hand=by_hand, simply=simply)
            for wanted in (seated, alone)
            for tier, why, count, fit, by_hand, simply in self._connection.execute(wanted)
        )

    def standing(self, draft: DraftId, mentee: PersonId) -> Standing:
        """How a mentee stands in it. Raises: NotInDraftError."""
        for table, read in ((_PAIRS, pair_of), (_LEFT, left_of)):
            wanted = select(table).where(table.c.draft == draft, table.c.mentee == mentee)
            row = self._connection.execute(wanted).one_or_none()
            if row is not None:
                return read(row)
        raise NotInDraftError(draft=draft, mentee=mentee)

    def filled(self, draft: DraftId) -> dict[PersonId, Filled]:
        """With how many people it puts each mentor who gets any."""
        pairs = _PAIRS.c
        wanted = select(pairs.mentor, func.count(), func.count().filter(pairs.by_hand))
        rows = self._connection.execute(wanted.where(pairs.draft == draft).group_by(pairs.mentor)).all()
        return {PersonId(mentor): Filled(count, by_hand) for mentor, count, by_hand in rows}

    def seated(self, draft: DraftId, mentors: Collection[PersonId]) -> tuple[DraftPair, ...]:
        """Whom it puts with these mentors, in the order of the mentees' ids."""
        pairs = _PAIRS.c
        wanted = select(_PAIRS).where(pairs.draft == draft, pairs.mentor.in_(mentors)).order_by(pairs.mentee)
        return tuple(map(pair_of, self._connection.execute(wanted)))

    def left(self, draft: DraftId, after: PersonId | None, limit: int) -> tuple[Unmatched, ...]:
        """Whom it leaves without a mentor, the longest wait first."""
        left = _LEFT.c
        wanted = select(_LEFT).where(left.draft == draft)
        last = None
        if after is not None:
            last = self._connection.execute(
                select(left.tier).where(left.draft == draft, left.mentee == after)
            ).scalar_one_or_none()
        if last is not None:
            wanted = wanted.where(or_(left.tier > last, (left.tier == last) & (left.mentee > after)))
        rows = self._connection.execute(wanted.order_by(left.tier, left.mentee).limit(limit))
        return tuple(map(left_of, rows))

    def couples(self, draft: DraftId) -> tuple[tuple[PersonId, PersonId], ...]:
        """Mentee and mentor of each of its pairs, in the order of the mentees' ids."""
        pairs = _PAIRS.c
        wanted = select(pairs.mentee, pairs.mentor).where(pairs.draft == draft).order_by(pairs.mentee)
        return tuple((mentee, mentor) for mentee, mentor in self._connection.execute(wanted).all())

    def away(self, draft: DraftId) -> frozenset[PersonId]:
        """Mentees of its pairs of whom one does not take part any more."""
        pairs = _PAIRS.c
        gone = select(people.c.id).where(people.c.state != PersonState.ACTIVE)
        wanted = select(pairs.mentee).where(pairs.draft == draft, or_(pairs.mentee.in_(gone), pairs.mentor.in_(gone)))
        return frozenset(map(PersonId, self._connection.execute(wanted).scalars()))

    def reached(self, draft: DraftId) -> tuple[int, int]:
        """How many have a mentor in it, and their fit in all."""
        pairs = _PAIRS.c
        wanted = select(func.count(), func.coalesce(func.sum(pairs.fit), 0)).where(pairs.draft == draft)
        count, fit = self._connection.execute(wanted).one()
        return int(count), int(fit)

    def beside(self, draft: DraftId, last: DraftId | None, most: int) -> Differing:
        """Who gains and who loses in it, the greatest differences first."""
        found = union_all(_beside(_PAIRS, draft, last), _beside(_LEFT, draft, last)).cte("found")
        more = found.c.after - found.c.before
        both = union_all(*(_most(found, way * more, most) for way in (1, -1)))
        rows = sorted(self._connection.execute(both).all(), key=lambda row: (-row.by, row.mentee))
        gains, losses = ([row for row in rows if (row.after > row.before) is way] for way in (True, False))
        return Differing(
            gaining=gains[0].all if gains else 0,
            losing=losses[0].all if losses else 0,
            gains=tuple(map(_difference, gains)),
            losses=tuple(map(_difference, losses)),
        )


def _most(found: CTE, by: ColumnElement[int], most: int) -> Select[tuple[str, int, int, str, str, int, int]]:
    """Those for whom a difference is the greatest, and how many there are."""
    wanted = select(found, by.label("by"), func.count().over().label("all")).where(by > 0)
    return select(wanted.order_by(by.desc(), found.c.mentee).limit(most).subquery())


def _difference(row: Row[tuple[object, ...]]) -> Difference:
    return Difference(
        mentee=PersonId(row.mentee),
        before=row.before,
        after=row.after,
        mentor=PersonId(row.mentor) if row.mentor else None,
        why=Why(row.why) if row.why else None,
    )


def pair_of(row: Row[tuple[object, ...]]) -> DraftPair:
    """A pair as its row says."""
    return DraftPair(
        mentee=PersonId(row.mentee),
        mentor=PersonId(row.mentor),
        tier=row.tier,
        fit=row.fit,
        by_hand=row.by_hand,
        one_by_one=row.one_by_one,
    )


def left_of(row: Row[tuple[object, ...]]) -> Unmatched:
    """Somebody left out, as her row says."""
    return Unmatched(
        mentee=PersonId(row.mentee),
        tier=row.tier,
        why=Why(row.why),
        cutoff=row.cutoff,
        own=row.own,
        one_by_one=row.one_by_one,
    )


def _beside(table: Table, draft: DraftId, last: DraftId | None) -> Select[tuple[str, int, int, str, str]]:
    """Everybody of one of the two tables: her points elsewhere and here, and her mentor or why she has none."""
    elsewhere: Column[int] = table.c.one_by_one
    source: FromClause = table
    if last is not None:
        earlier = _PAIRS.alias("earlier")
        source = table.outerjoin(earlier, (earlier.c.draft == last) & (earlier.c.mentee == table.c.mentee))
        elsewhere = earlier.c.fit
    here = table is _PAIRS
    return (
        select(
            table.c.mentee,
            func.coalesce(elsewhere, 0).label("before"),
            (table.c.fit if here else type_coerce(literal(0), Integer)).label("after"),
            (table.c.mentor if here else type_coerce(null(), String)).label("mentor"),
            (type_coerce(null(), String) if here else table.c.why).label("why"),
        )
        .select_from(source)
        .where(table.c.draft == draft)
    )
