"""Members of staff in SQL; name and e-mail sealed."""

from sqlalchemy import Connection, Row, insert, select

from node.adapters.sql.seals import Seals
from node.adapters.sql.tables import users
from node.adapters.sql.versions import replace_row
from node.adapters.vault.file import FileVault
from node.domain.actor import Role, UserId
from node.domain.errors import NoProgramError, UserExistsError
from node.domain.signin import UnknownUserError
from node.domain.traces import email_trace
from node.domain.user import User, UserState


class SqlUsers:
    """The table of users."""

    def __init__(self, connection: Connection, seals: Seals, vault: FileVault) -> None:
        """Works inside one transaction."""
        self._connection = connection
        self._seals = seals
        self._vault = vault

    def add(self, user: User) -> None:
        """Keep a new user. Raises: UserExistsError."""
        self._seals.make_keys([user.id])
        values = {"id": user.id, "added_at": user.added_at, "version": user.version}
        self._connection.execute(insert(users).values({**values, **self._editable(user)}))

    def replace(self, user: User) -> None:
        """Store a changed user. Raises: UserExistsError, ChangedMeanwhileError."""
        replace_row(self._connection, users, user.id, user.version, self._editable(user))

    def _editable(self, user: User) -> dict[str, object]:
        token = self._vault.token(email_trace(user.email))
        taken = select(users.c.id).where(users.c.email_token == token, users.c.id != user.id)
        if self._connection.execute(taken).first() is not None:
            raise UserExistsError
        return {
            "contact": self._seals.seal_fields(users.c.contact, user.id, {"name": user.name, "email": user.email}),
            "email_token": token,
            "role": user.role,
            "state": user.state,
        }

    def all(self) -> tuple[User, ...]:
        """Every user, the first one added first."""
        rows = self._connection.execute(select(users).order_by(users.c.id)).all()
        return tuple(self._user(row) for row in rows)

    def get(self, user: UserId) -> User:
        """One user. Raises: UnknownUserError."""
        row = self._connection.execute(select(users).where(users.c.id == user)).one_or_none()
        if row is None:
            raise UnknownUserError
        return self._user(row)

    def by_email(self, email: str) -> User | None:
        """The user with this e-mail address, if there is one."""
        token = self._vault.token(email_trace(email))
        row = self._connection.execute(select(users).where(users.c.email_token == token)).one_or_none()
        return None if row is None else self._user(row)

    def operator(self) -> UserId:
        """The first active administrator. Raises: NoProgramError."""
        wanted = (users.c.role == Role.ADMINISTRATOR) & (users.c.state == UserState.ACTIVE)
        found = self._connection.execute(select(users.c.id).where(wanted).order_by(users.c.id)).scalars().first()
        if found is None:
            raise NoProgramError
        return UserId(found)

    def _user(self, row: Row[tuple[object, ...]]) -> User:
        contact = self._seals.open_fields(users.c.contact, row.id, row.contact)
        return User(
            id=UserId(row.id),
            name=contact["name"],
            email=contact["email"],
            role=Role(row.role),
            state=UserState(row.state),
            added_at=row.added_at,
            version=row.version,
        )
