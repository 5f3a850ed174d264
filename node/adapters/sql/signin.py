"""Passwords, sessions and attempts in SQL."""

from datetime import datetime

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from node.adapters.sql.seals import Seals
from node.adapters.sql.tables import SIGNIN
from node.adapters.vault.file import FileVault
from node.domain.actor import UserId
from node.domain.origin import Browser, Origin, System
from node.domain.signin import Pass, Session, TokenDigest, Way

passwords, password_links = SIGNIN.passwords, SIGNIN.password_links
sessions, browsers, attempts = SIGNIN.sessions, SIGNIN.browsers, SIGNIN.attempts


class SqlPasswords:
    """The tables of passwords and of links to choose one."""

    def __init__(self, connection: Connection, seals: Seals) -> None:
        """Works inside one transaction."""
        self._connection = connection
        self._seals = seals

    def of(self, user: UserId) -> str | None:
        """The hash of a user's password, if she has one."""
        kept = self._connection.execute(select(passwords.c.hash).where(passwords.c.user == user)).scalar_one_or_none()
        return None if kept is None else self._seals.open(passwords.c.hash, user, kept)

    def keep(self, user: UserId, sealed: str, at: datetime) -> None:
        """Keep a hash in place of the one before."""
        self._connection.execute(delete(passwords).where(passwords.c.user == user))
        kept = self._seals.seal(passwords.c.hash, user, sealed)
        self._connection.execute(insert(passwords).values(user=user, hash=kept, set_at=at))

    def give_link(self, link: Pass) -> None:
        """Keep a link in place of the one before."""
        self.spend_links(link.user)
        self._connection.execute(insert(password_links).values(_values(link)))

    def link(self, link: TokenDigest) -> Pass | None:
        """A link that was given and not used."""
        row = self._connection.execute(select(password_links).where(password_links.c.digest == link)).one_or_none()
        return None if row is None else Pass(digest=link, user=UserId(row.user), until=row.until)

    def spend_links(self, user: UserId) -> None:
        """No link of this user works any more."""
        self._connection.execute(delete(password_links).where(password_links.c.user == user))


class SqlSessions:
    """The tables of sessions and of known browsers."""

    def __init__(self, connection: Connection) -> None:
        """Works inside one transaction."""
        self._connection = connection

    def begin(self, session: Session) -> None:
        """Keep a new session."""
        origin = session.origin
        self._connection.execute(
            insert(sessions).values(
                digest=session.digest,
                user=session.user,
                begun_at=session.begun_at,
                seen_at=session.seen_at,
                way=session.way,
                browser=origin.browser,
                system=origin.system,
                network=origin.network,
            )
        )

    def find(self, session: TokenDigest) -> Session | None:
        """One session."""
        row = self._connection.execute(select(sessions).where(sessions.c.digest == session)).one_or_none()
        return None if row is None else _session(row)

    def of(self, user: UserId) -> tuple[Session, ...]:
        """The sessions of a user, the newest first."""
        found = select(sessions).where(sessions.c.user == user).order_by(sessions.c.begun_at.desc(), sessions.c.digest)
        return tuple(_session(row) for row in self._connection.execute(found))

    def seen(self, session: Session) -> None:
        """Write down when it was used last."""
        changed = update(sessions).where(sessions.c.digest == session.digest).values(seen_at=session.seen_at)
        self._connection.execute(changed)

    def end(self, session: TokenDigest) -> None:
        """End one session, if it is there."""
        self._connection.execute(delete(sessions).where(sessions.c.digest == session))

    def end_all(self, user: UserId, but: TokenDigest | None = None) -> None:
        """End every session of a user; one of them may stay."""
        self._connection.execute(delete(sessions).where(sessions.c.user == user, sessions.c.digest != (but or "")))

    def know(self, browser: Pass) -> None:
        """Remember a browser that signed in."""
        self._connection.execute(insert(browsers).values(_values(browser)))

    def known(self, browser: TokenDigest) -> Pass | None:
        """A browser that signed in before."""
        row = self._connection.execute(select(browsers).where(browsers.c.digest == browser)).one_or_none()
        return None if row is None else Pass(digest=browser, user=UserId(row.user), until=row.until)

    def forget_browsers(self, user: UserId) -> None:
        """Treat every browser of a user as new."""
        self._connection.execute(delete(browsers).where(browsers.c.user == user))

    def tidy(self, begun_before: datetime, at: datetime) -> None:
        """Forget sessions that began before a moment, and browsers that are known no longer."""
        self._connection.execute(delete(sessions).where(sessions.c.begun_at < begun_before))
        self._connection.execute(delete(browsers).where(browsers.c.until <= at))


class SqlAttempts:
    """The table of attempts."""

    def __init__(self, connection: Connection, vault: FileVault) -> None:
        """Works inside one transaction."""
        self._connection = connection
        self._vault = vault

    def add(self, attempt: str, place: str, account: str, at: datetime) -> None:
        """Write down an attempt before it is judged."""
        values = {"id": attempt, "place": self._vault.token(place), "at": at}
        self._connection.execute(
            insert(attempts).values({**values, "account": self._vault.token(account) if account else None})
        )

    def from_place(self, place: str, since: datetime) -> int:
        """How many came from one place."""
        wanted = (attempts.c.place == self._vault.token(place)) & (attempts.c.at >= since)
        return self._connection.execute(select(func.count()).select_from(attempts).where(wanted)).scalar_one()

    def on_account(self, account: str, since: datetime) -> int:
        """How many were made on one account."""
        wanted = (attempts.c.account == self._vault.token(account)) & (attempts.c.at >= since)
        return self._connection.execute(select(func.count()).select_from(attempts).where(wanted)).scalar_one()

    def forget(self, attempt: str) -> None:
        """It succeeded."""
        self._connection.execute(delete(attempts).where(attempts.c.id == attempt))

    def older(self, before: datetime) -> int:
        """How many were made before a moment."""
        wanted = select(func.count()).select_from(attempts).where(attempts.c.at < before)
        return self._connection.execute(wanted).scalar_one()

    def tidy(self, before: datetime) -> None:
        """Forget those made before a moment."""
        self._connection.execute(delete(attempts).where(attempts.c.at < before))


def _session(row: Row[tuple[object, ...]]) -> Session:
    return Session(
        digest=TokenDigest(row.digest),
        user=UserId(row.user),
        begun_at=row.begun_at,
        seen_at=row.seen_at,
        way=Way(row.way),
        origin=Origin(browser=Browser(row.browser), system=System(row.system), network=row.network),
    )


def _values(given: Pass) -> dict[str, object]:
    return {"digest": given.digest, "user": given.user, "until": given.until}
