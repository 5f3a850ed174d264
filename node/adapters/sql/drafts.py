"""Drafts in SQL: one row a draft, one a pair, one a mentee without a mentor, one a draft that is being made."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from node.adapters.sql.draft_boards import SqlDraftBoards, left_of, pair_of
from node.adapters.sql.tables import MATCHING
from node.adapters.sql.versions import replace_row
from node.domain.actor import UserId
from node.domain.drafts import (
    MOST_TRIES,
    AskedDraft,
    Change,
    Draft,
    DraftId,
    DraftPair,
    DraftState,
    Figures,
    Standing,
    UnknownDraftError,
    Unmatched,
    Why,
)
from node.domain.person import PersonId


class SqlDrafts:
    """The tables of drafts."""

    def __init__(self, connection: Connection) -> None:
        """Works inside one transaction."""
        self._connection = connection

    @property
    def boards(self) -> SqlDraftBoards:
        """Drafts as boards."""
        return SqlDraftBoards(self._connection)

    def add(self, draft: Draft, pairs: Sequence[DraftPair], unmatched: Sequence[Unmatched]) -> None:
        """Keep a new draft."""
        values = {
            "id": draft.id,
            "made_at": draft.made_at,
            "made_by": draft.made_by,
            "figures": json.dumps(asdict(draft.figures)),
            "made_of": draft.made_of,
            "version": draft.version,
        }
        self._connection.execute(insert(MATCHING.drafts).values({**values, **_editable(draft)}))
        for table, rows in ((MATCHING.pairs, pairs), (MATCHING.unmatched, unmatched)):
            if rows:
                self._connection.execute(insert(table), [{"draft": draft.id, **asdict(row)} for row in rows])

    def get(self, draft: DraftId) -> Draft:
        """One draft, locked until the work ends. Raises: UnknownDraftError."""
        wanted = select(MATCHING.drafts).where(MATCHING.drafts.c.id == draft).with_for_update()
        row = self._connection.execute(wanted).one_or_none()
        if row is None:
            raise UnknownDraftError(draft=draft)
        return _draft(row)

    def last(self, *states: DraftState) -> Draft | None:
        """The newest draft in one of these states."""
        table = MATCHING.drafts
        newest = select(table).where(table.c.state.in_(states)).order_by(table.c.made_at.desc(), table.c.id.desc())
        row = self._connection.execute(newest.limit(1)).one_or_none()
        return None if row is None else _draft(row)

    def before(self, draft: Draft) -> Draft | None:
        """The newest draft that was made before this one and not thrown away."""
        table = MATCHING.drafts
        older = select(table).where(table.c.made_at <= draft.made_at, table.c.id < draft.id)
        newest = older.where(table.c.state != DraftState.DISCARDED).order_by(table.c.id.desc())
        row = self._connection.execute(newest.limit(1)).one_or_none()
        return None if row is None else _draft(row)

    def pairs(self, draft: DraftId) -> tuple[DraftPair, ...]:
        """Its pairs, in the order of the mentees' ids."""
        table = MATCHING.pairs.c
        wanted = select(table.mentee, table.mentor, table.tier, table.fit, table.by_hand, table.one_by_one)
        rows = self._connection.execute(wanted.where(table.draft == draft).order_by(table.mentee))
        # Thousands of rows behind a page: taken apart by place, which costs half of asking each for its names.
        return tuple(
            DraftPair(mentee=mentee, mentor=mentor, tier=tier, fit=fit, by_hand=by_hand, one_by_one=simple)
            for mentee, mentor, tier, fit, by_hand, simple in rows
        )

    def unmatched(self, draft: DraftId) -> tuple[Unmatched, ...]:
        """Whom it leaves without a mentor, in the order of their ids."""
        table = MATCHING.unmatched.c
        wanted = select(table.mentee, table.tier, table.why, table.cutoff, table.own, table.one_by_one)
        rows = self._connection.execute(wanted.where(table.draft == draft).order_by(table.mentee))
        known = {why.value: why for why in Why}
        return tuple(
            Unmatched(mentee=mentee, tier=tier, why=known[why], cutoff=cutoff, own=own, one_by_one=simple)
            for mentee, tier, why, cutoff, own, simple in rows
        )

    def put(self, draft: DraftId, pair: DraftPair) -> None:
        """Give a mentee of the draft this mentor instead of whatever it said of her."""
        self._forget(draft, pair.mentee)
        self._connection.execute(insert(MATCHING.pairs).values({"draft": draft, **asdict(pair)}))

    def take_out(self, draft: DraftId, left: Unmatched) -> None:
        """Leave a mentee of the draft without a mentor."""
        self._forget(draft, left.mentee)
        self._connection.execute(insert(MATCHING.unmatched).values({"draft": draft, **asdict(left)}))

    def add_change(self, draft: DraftId, change: Change) -> None:
        """Add to the history of a draft."""
        values = {"draft": draft, "number": change.number, "at": change.at, "by": change.by, "undoes": change.undoes}
        self._connection.execute(insert(MATCHING.changes).values({**asdict(change.before), **values}))

    def changes(self, draft: DraftId) -> tuple[Change, ...]:
        """What was changed by hand since the draft was made, in order."""
        wanted = select(MATCHING.changes).where(MATCHING.changes.c.draft == draft).order_by(MATCHING.changes.c.number)
        return tuple(
            Change(number=row.number, before=_standing(row), by=UserId(row.by), at=row.at, undoes=row.undoes)
            for row in self._connection.execute(wanted)
        )

    def replace(self, draft: Draft) -> None:
        """Store a changed draft. Raises: ChangedMeanwhileError."""
        replace_row(self._connection, MATCHING.drafts, draft.id, draft.version, _editable(draft))

    def ask(self, asked: AskedDraft) -> None:
        """Keep that a draft is wanted."""
        self._connection.execute(insert(MATCHING.asked).values(asdict(asked)))

    def asked(self) -> AskedDraft | None:
        """The draft that is being made; of several, the first."""
        row = self._connection.execute(select(MATCHING.asked).order_by(MATCHING.asked.c.id).limit(1)).one_or_none()
        return None if row is None else _asked(row)

    def claim(self, at: datetime, until: datetime) -> AskedDraft | None:
        """The first that nobody is making at this moment; its lease ends at `until`."""
        table = MATCHING.asked
        due = select(table).where(or_(table.c.claimed_until.is_(None), table.c.claimed_until <= at))
        due = due.where(table.c.tries < MOST_TRIES)
        row = self._connection.execute(
            due.order_by(table.c.id).limit(1).with_for_update(skip_locked=True)
        ).one_or_none()
        if row is None:
            return None
        claimed = replace(_asked(row), tries=row.tries + 1, claimed_until=until)
        self._connection.execute(update(table).where(table.c.id == row.id).values(asdict(claimed)))
        return claimed

    def fulfil(self, draft: DraftId) -> bool:
        """It is wanted no more."""
        return self._connection.execute(delete(MATCHING.asked).where(MATCHING.asked.c.id == draft)).rowcount > 0

    def _forget(self, draft: DraftId, mentee: PersonId) -> None:
        for table in (MATCHING.pairs, MATCHING.unmatched):
            self._connection.execute(delete(table).where(table.c.draft == draft, table.c.mentee == mentee))


def _standing(row: Row[tuple[object, ...]]) -> Standing:
    return left_of(row) if row.mentor is None else pair_of(row)


def _asked(row: Row[tuple[object, ...]]) -> AskedDraft:
    return AskedDraft(
        id=DraftId(row.id), by=UserId(row.by), at=row.at, tries=row.tries, claimed_until=row.claimed_until
    )


def _editable(draft: Draft) -> dict[str, object]:
    return {"state": draft.state, "edited_by": draft.edited_by, "signed_by": draft.signed_by}


def _draft(row: Row[tuple[object, ...]]) -> Draft:
    figures = json.loads(row.figures)
    for tiers in ("by_tier", "greedy_by_tier"):
        figures[tiers] = tuple(figures[tiers])
    return Draft(
        id=DraftId(row.id),
        state=DraftState(row.state),
        made_at=row.made_at,
        made_by=UserId(row.made_by),
        edited_by=UserId(row.edited_by),
        signed_by=None if row.signed_by is None else UserId(row.signed_by),
        figures=Figures(**figures),
        made_of=row.made_of,
        version=row.version,
    )
