"""Members of staff: adding and listing them."""

from dataclasses import dataclass, replace
from datetime import datetime

from node.domain.actor import Action, Actor, Role, UserId
from node.domain.audit import Act
from node.domain.errors import BlankNameError, LastAdministratorError, StaffRoleError
from node.domain.user import User, UserState
from node.services.ports import Clock, Ids, OpenWork
from node.services.remember import remember


@dataclass(frozen=True, slots=True, kw_only=True)
class UserView:
    """One member of staff."""

    id: UserId
    name: str
    email: str
    role: Role
    state: UserState
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UserChanges:
    """What is to be different about a member of staff; None leaves it."""

    name: str | None = None
    email: str | None = None
    role: Role | None = None
    state: UserState | None = None

    def of(self, user: User) -> User:
        """The changed user. Raises: BlankNameError."""
        name = user.name if self.name is None else self.name.strip()
        email = user.email if self.email is None else self.email.strip()
        if not name or (self.email is not None and not email):
            raise BlankNameError
        return replace(user, name=name, email=email, role=self.role or user.role, state=self.state or user.state)


@dataclass(frozen=True, slots=True)
class AddUser:
    """Name a new member of staff."""

    work: OpenWork
    clock: Clock
    ids: Ids

    def __call__(self, actor: Actor, name: str, email: str, role: Role) -> UserView:
        """The new user. Raises: BlankNameError, StaffRoleError, UserExistsError."""
        actor.may(Action.EDIT_USERS)
        if not name.strip() or not email.strip():
            raise BlankNameError
        _check_role(role)
        now = self.clock.now()
        user = User(
            id=UserId(self.ids.new()),
            name=name.strip(),
            email=email.strip(),
            role=role,
            state=UserState.ACTIVE,
            added_at=now,
        )
        with self.work() as work:
            work.users.add(user)
            remember(work, actor, Act.USER_ADDED, user.id, now)
        return _view(user)


@dataclass(frozen=True, slots=True)
class ChangeUser:
    """Give a member of staff another name, e-mail address or role, or close her access."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, user: UserId, changes: UserChanges) -> UserView:
        """The changed user; what is None stays.

        Raises: UnknownUserError, BlankNameError, StaffRoleError, UserExistsError, LastAdministratorError,
        ChangedMeanwhileError.
        """
        actor.may(Action.EDIT_USERS)
        _check_role(changes.role)
        with self.work() as work:
            after = changes.of(work.users.get(user))
            work.users.replace(after)
            if not any(one.role is Role.ADMINISTRATOR and one.state is UserState.ACTIVE for one in work.users.all()):
                raise LastAdministratorError
            if after.state is UserState.CLOSED:
                work.sessions.end_all(user)
                work.tokens.end_all(user)
            remember(work, actor, Act.USER_CHANGED, user, self.clock.now())
        return _view(after)


@dataclass(frozen=True, slots=True)
class ListUsers:
    """Everybody who may use this node."""

    reading: OpenWork

    def __call__(self, actor: Actor) -> tuple[UserView, ...]:
        """Users, the first one added first."""
        actor.may(Action.READ_PROGRAM)
        with self.reading() as work:
            return tuple(_view(user) for user in work.users.all())


@dataclass(frozen=True, slots=True)
class ShowOwnUser:
    """Who one is here."""

    reading: OpenWork

    def __call__(self, actor: Actor) -> UserView:
        """Oneself."""
        with self.reading() as work:
            return _view(work.users.get(actor.id))


def _check_role(role: Role | None) -> None:
    if role is Role.SYSTEM:
        raise StaffRoleError


def _view(user: User) -> UserView:
    return UserView(
        id=user.id, name=user.name, email=user.email, role=user.role, state=user.state, added_at=user.added_at
    )
