"""How participants sign in, in SQL: links and sessions as digests, which go with the person."""

from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from node.adapters.sql.tables import SIGNIN
from node.domain.participant import ParticipantLink, ParticipantSession
from node.domain.person import PersonId
from node.domain.signin import TokenDigest

links, sessions = SIGNIN.participant_links, SIGNIN.participant_sessions


class SqlParticipants:
    """The tables of links and sessions of participants."""

    def __init__(self, connection: Connection) -> None:
        """Works inside one transaction."""
        self._connection = connection

    def give_link(self, link: ParticipantLink) -> None:
        """Keep a link beside those that were given before."""
        values = {"digest": link.digest, "person": link.person, "until": link.until}
        self._connection.execute(insert(links).values(values))

    def link(self, link: TokenDigest) -> ParticipantLink | None:
        """A link that was given and not used."""
        row = self._connection.execute(select(links).where(links.c.digest == link)).one_or_none()
        return None if row is None else ParticipantLink(digest=link, person=PersonId(row.person), until=row.until)

    def unused(self, person: PersonId, at: datetime) -> int:
        """How many links of hers still work at a moment."""
        wanted = (links.c.person == person) & (links.c.until > at)
        return self._connection.execute(select(func.count()).select_from(links).where(wanted)).scalar_one()

    def spend(self, link: TokenDigest) -> bool:
        """It works no longer; False where somebody was faster."""
        return bool(self._connection.execute(delete(links).where(links.c.digest == link)).rowcount)

    def begin(self, session: ParticipantSession) -> None:
        """Keep a new session."""
        values = {"digest": session.digest, "person": session.person, "begun_at": session.begun_at}
        self._connection.execute(insert(sessions).values(values))

    def find(self, session: TokenDigest) -> ParticipantSession | None:
        """One session."""
        row = self._connection.execute(select(sessions).where(sessions.c.digest == session)).one_or_none()
        if row is None:
            return None
        return ParticipantSession(digest=session, person=PersonId(row.person), begun_at=row.begun_at)

    def end(self, session: TokenDigest) -> None:
        """End one session, if it is there."""
        self._connection.execute(delete(sessions).where(sessions.c.digest == session))

    def end_all(self, person: PersonId) -> None:
        """End every session of hers, and every link."""
        self._connection.execute(delete(sessions).where(sessions.c.person == person))
        self._connection.execute(delete(links).where(links.c.person == person))

    def tidy(self, begun_before: datetime, at: datetime) -> None:
        """Forget sessions that began before a moment, and links that have run out."""
        self._connection.execute(delete(sessions).where(sessions.c.begun_at < begun_before))
        self._connection.execute(delete(links).where(links.c.until <= at))
