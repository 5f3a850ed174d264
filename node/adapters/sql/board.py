"""Anonymous requests in SQL: what the board shows to everybody, and what our mentors were asked about it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from node.adapters.sql.request import read_offer, write_offer
from node.adapters.sql.tables import BOARD
from node.adapters.sql.versions import replace_row
from node.domain.card import CardWords, Question, QuestionId, ShownCard, UnknownCardError
from node.domain.person import OccupationCode, PersonId
from node.domain.seat import SeatId
from protocol.ids import Digest, ThreadId
from protocol.vocabulary import Mode

Found = Row[tuple[object, ...]]


class SqlCards:
    """The tables of shown cards and of questions."""

    def __init__(self, connection: Connection) -> None:
        """Works inside one transaction."""
        self._connection = connection

    def add(self, cards: Iterable[ShownCard]) -> None:
        """Keep cards; those that are known already stay as they are."""
        cards = tuple(cards)
        ids = [card.id for card in cards]
        known = set(self._connection.scalars(select(BOARD.cards.c.id).where(BOARD.cards.c.id.in_(ids))))
        fresh = {
            card.id: {
                "id": card.id,
                **write_words(card.words),
                "key": card.key,
                "close": card.close,
                "shown_at": card.shown_at,
                "closed": card.closed,
                "ours": card.ours,
            }
            for card in cards
            if card.id not in known
        }
        if fresh:
            self._connection.execute(insert(BOARD.cards), list(fresh.values()))

    def get(self, card: Digest) -> ShownCard:
        """One card. Raises: UnknownCardError."""
        row = self._connection.execute(select(BOARD.cards).where(BOARD.cards.c.id == card)).one_or_none()
        if row is None:
            raise UnknownCardError(card=card)
        return _shown(row)

    def since(self, at: datetime) -> tuple[ShownCard, ...]:
        """Cards shown at or after a moment."""
        wanted = select(BOARD.cards).where(BOARD.cards.c.shown_at >= at).order_by(BOARD.cards.c.id)
        return tuple(_shown(row) for row in self._connection.execute(wanted))

    def close(self, closed: Sequence[Digest]) -> tuple[Digest, ...]:
        """Mark what is closed; the ids of the cards."""
        table = BOARD.cards
        found = tuple(map(Digest, self._connection.scalars(select(table.c.id).where(table.c.close.in_(closed)))))
        self._connection.execute(update(table).where(table.c.close.in_(closed)).values(closed=True))
        return found

    def posted(self, since: datetime, until: datetime) -> int:
        """How many of our own the board showed in a time."""
        table = BOARD.cards
        wanted = select(func.count()).where(table.c.ours, table.c.shown_at >= since, table.c.shown_at < until)
        return self._connection.execute(wanted).scalar_one()

    def ask(self, question: Question) -> None:
        """Keep a new question."""
        values = {
            "id": question.id,
            "card": question.card,
            "mentor": question.mentor,
            "asked_at": question.asked_at,
            "version": question.version,
        }
        self._connection.execute(insert(BOARD.questions).values({**values, **_editable(question)}))

    def questions(self) -> tuple[Question, ...]:
        """Every question, oldest first."""
        return self._asked(select(BOARD.questions))

    def unanswered(self) -> tuple[Question, ...]:
        """Questions for whose answer a seat waits, oldest first."""
        table = BOARD.questions
        return self._asked(select(table).where(table.c.answered_at.is_(None), table.c.seat.is_not(None)))

    def asked(self, mentor: PersonId) -> tuple[Question, ...]:
        """The questions put to one mentor, oldest first."""
        return self._asked(select(BOARD.questions).where(BOARD.questions.c.mentor == mentor))

    def question(self, question: QuestionId) -> Question | None:
        """One question."""
        return next(iter(self._asked(select(BOARD.questions).where(BOARD.questions.c.id == question))), None)

    def replace(self, question: Question) -> None:
        """Store a changed question. Raises: ChangedMeanwhileError."""
        replace_row(self._connection, BOARD.questions, question.id, question.version, _editable(question))

    def _asked(self, wanted: Select[tuple[object, ...]]) -> tuple[Question, ...]:
        ordered = wanted.order_by(BOARD.questions.c.asked_at, BOARD.questions.c.id)
        return tuple(_question(row) for row in self._connection.execute(ordered))


def write_words(words: CardWords) -> Mapping[str, object]:
    """What a card says, as columns."""
    return {"occupation": words.occupation, "language": words.language, "tier": words.tier, "mode": words.mode}


def read_words(row: Found) -> CardWords:
    """What a card says."""
    return CardWords(
        occupation=OccupationCode(row.occupation), language=row.language, tier=row.tier, mode=Mode(row.mode)
    )


def _shown(row: Found) -> ShownCard:
    return ShownCard(
        id=Digest(row.id),
        words=read_words(row),
        key=row.key,
        close=Digest(row.close),
        shown_at=row.shown_at,
        closed=row.closed,
        ours=row.ours,
    )


def _editable(question: Question) -> dict[str, object]:
    return {
        "answered_at": question.answered_at,
        "seat": question.seat,
        "offer": None if question.offer is None else write_offer(question.offer),
        "ticket": question.ticket,
        "thread": question.thread,
    }


def _question(row: Found) -> Question:
    return Question(
        id=QuestionId(row.id),
        card=Digest(row.card),
        mentor=PersonId(row.mentor),
        asked_at=row.asked_at,
        answered_at=row.answered_at,
        seat=None if row.seat is None else SeatId(row.seat),
        offer=None if row.offer is None else read_offer(json.loads(row.offer)),
        ticket=row.ticket,
        thread=None if row.thread is None else ThreadId(row.thread),
        version=row.version,
    )
