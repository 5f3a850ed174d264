"""What was published, in SQL; a listed mentor who is erased goes from it, the count stays."""

from collections import defaultdict

from sqlalchemy import Connection, insert, select

from node.adapters.sql.tables import release_listings, releases
from node.domain.budget import Quarter
from node.domain.person import PersonId
from node.domain.release import Release, ReleaseId


class SqlReleases:
    """The table of releases and who was listed in which."""

    def __init__(self, connection: Connection) -> None:
        """Works inside one transaction."""
        self._connection = connection

    def add(self, release: Release) -> None:
        """Remember a release."""
        values = {
            "id": release.id,
            "at": release.at,
            "digest": release.digest,
            "size": release.size,
            "listed": release.listed,
            "receivers": release.receivers,
            "quarter": str(release.quarter) if release.quarter else None,
        }
        self._connection.execute(insert(releases).values(values))
        listed = [
            {"release": release.id, "pseudonym": pseudonym, "person": person} for person, pseudonym in release.people
        ]
        if listed:
            self._connection.execute(insert(release_listings), listed)

    def all(self) -> tuple[Release, ...]:
        """Every release, newest first."""
        people = defaultdict[str, list[tuple[PersonId, str]]](list)
        for row in self._connection.execute(select(release_listings).order_by(*release_listings.primary_key)):
            people[row.release].append((PersonId(row.person), row.pseudonym))
        rows = self._connection.execute(select(releases).order_by(releases.c.at.desc(), releases.c.id.desc()))
        return tuple(
            Release(
                id=ReleaseId(row.id),
                at=row.at,
                digest=row.digest,
                size=row.size,
                listed=row.listed,
                people=tuple(people[row.id]),
                receivers=row.receivers,
                quarter=Quarter.read(row.quarter) if row.quarter else None,
            )
            for row in rows
        )
