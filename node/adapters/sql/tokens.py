"""Tokens of other programs in SQL, and first answers to what must be done once."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from federation.ground.engine import insert_unless_there
from node.adapters.sql.seals import Seals
from node.adapters.sql.tables import API
from node.domain.actor import TokenId, UserId
from node.domain.signin import TokenDigest
from node.domain.token import Scope, Token, UnknownTokenError
from node.services.ports.tokens import Answered, Asking

tokens, answers = API.tokens, API.answers


class SqlTokens:
    """The table of tokens."""

    def __init__(self, connection: Connection, seals: Seals) -> None:
        """Works inside one transaction."""
        self._connection = connection
        self._seals = seals

    def add(self, token: Token) -> None:
        """Keep a new token."""
        self._connection.execute(
            insert(tokens).values(
                id=token.id,
                digest=token.digest,
                user=token.user,
                name=self._seals.seal(tokens.c.name, token.user, token.name),
                scopes=" ".join(sorted(token.scopes)),
                added_at=token.added_at,
                used_on=token.used_on,
                ends_on=token.ends_on,
            )
        )

    def get(self, token: TokenId) -> Token:
        """One token. Raises: UnknownTokenError."""
        row = self._connection.execute(select(tokens).where(tokens.c.id == token)).one_or_none()
        if row is None:
            raise UnknownTokenError(token=token)
        return self._token(row)

    def find(self, digest: TokenDigest) -> Token | None:
        """The token with this digest, if there is one."""
        row = self._connection.execute(select(tokens).where(tokens.c.digest == digest)).one_or_none()
        return None if row is None else self._token(row)

    def all(self) -> tuple[Token, ...]:
        """Every token, the first one added first."""
        return tuple(self._token(row) for row in self._connection.execute(select(tokens).order_by(tokens.c.id)).all())

    def of(self, user: UserId) -> tuple[Token, ...]:
        """The tokens of one user, the first one added first."""
        rows = self._connection.execute(select(tokens).where(tokens.c.user == user).order_by(tokens.c.id)).all()
        return tuple(self._token(row) for row in rows)

    def used(self, token: Token) -> None:
        """Write down when it was used last."""
        self._connection.execute(update(tokens).where(tokens.c.id == token.id).values(used_on=token.used_on))

    def end(self, token: TokenId) -> None:
        """It works no longer."""
        self._connection.execute(delete(tokens).where(tokens.c.id == token))

    def end_all(self, user: UserId) -> None:
        """No token of this user works any more."""
        self._connection.execute(delete(tokens).where(tokens.c.user == user))

    def _token(self, row: Row[tuple[object, ...]]) -> Token:
        return Token(
            id=TokenId(row.id),
            digest=TokenDigest(row.digest),
            user=UserId(row.user),
            name=self._seals.open(tokens.c.name, row.user, row.name),
            scopes=frozenset(Scope(scope) for scope in row.scopes.split()),
            added_at=row.added_at,
            used_on=row.used_on,
            ends_on=row.ends_on,
        )


class SqlAnswers:
    """The table of first answers."""

    def __init__(self, connection: Connection, seals: Seals) -> None:
        """Works inside one transaction."""
        self._connection = connection
        self._seals = seals

    def claim(self, asking: Asking, at: datetime) -> Answered | None:
        """Begin to answer; None for whoever is the first."""
        begun = insert_unless_there(answers, self._connection.dialect.name).values(
            owner=asking.owner, key=asking.key, request=asking.request, subject=asking.subject, begun_at=at
        )
        claimed = begun.on_conflict_do_nothing().returning(answers.c.key)
        if self._connection.execute(claimed).first() is not None:
            return None
        row = self._connection.execute(select(answers).where(*_is(asking))).one()
        return Answered(request=row.request, answer=self._opened(row))

    def given(self, asking: Asking, since: datetime) -> str | None:
        """The answer, if there is one."""
        wanted = select(answers).where(*_is(asking), answers.c.begun_at > since)
        row = self._connection.execute(wanted).one_or_none()
        return None if row is None else self._opened(row)

    def _opened(self, row: Row[tuple[object, ...]]) -> str | None:
        return None if row.answer is None else self._seals.open(answers.c.answer, row.subject, row.answer)

    def keep(self, asking: Asking, answer: str) -> None:
        """Keep the answer."""
        sealed = self._seals.seal(answers.c.answer, asking.subject, answer)
        self._connection.execute(update(answers).where(*_is(asking)).values(answer=sealed))

    def drop(self, asking: Asking) -> None:
        """Nothing was done."""
        self._connection.execute(delete(answers).where(*_is(asking)))

    def blank(self) -> None:
        """Keep no answer any longer."""
        self._connection.execute(update(answers).values(answer=None))

    def tidy(self, before: datetime) -> None:
        """Forget what was begun before a moment."""
        self._connection.execute(delete(answers).where(answers.c.begun_at < before))


def _is(asking: Asking) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return answers.c.owner == asking.owner, answers.c.key == asking.key
