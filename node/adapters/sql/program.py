"""The program and its communities in SQL."""

from collections.abc import Mapping

from sqlalchemy import Connection, delete, insert, select

from node.adapters.sql.seals import Seals
from node.adapters.sql.tables import PROGRAM, communities, program
from node.adapters.sql.texts import SqlTextShelf
from node.adapters.sql.versions import replace_row
from node.domain.community import Community, CommunityId
from node.domain.errors import NoProgramError, ProgramExistsError
from node.domain.program import Program, ProgramId, Standing, Tongue
from node.domain.retention import Kept


class SqlPrograms:
    """The one row of the program."""

    def __init__(self, connection: Connection, seals: Seals) -> None:
        """Works inside one transaction."""
        self._connection = connection
        self._seals = seals

    def get(self) -> Program:
        """The program. Raises: NoProgramError."""
        row = self._connection.execute(select(program)).one_or_none()
        if row is None:
            raise NoProgramError
        return Program(
            id=ProgramId(row.id),
            name=row.name,
            region=row.region,
            language=Tongue(row.language),
            founded_at=row.founded_at,
            standing=Standing(row.standing),
            restored_to=row.restored_to,
            version=row.version,
        )

    def add(self, founded: Program) -> None:
        """Found the program, with a data key for its own secrets. Raises: ProgramExistsError."""
        if self._connection.execute(select(program.c.id)).first() is not None:
            raise ProgramExistsError
        self._seals.make_keys([founded.id])
        values = {"id": founded.id, "founded_at": founded.founded_at, "version": founded.version}
        self._connection.execute(insert(program).values({**_editable(founded), **values}))

    def replace(self, changed: Program) -> None:
        """Store a changed program. Raises: ChangedMeanwhileError."""
        replace_row(self._connection, program, changed.id, changed.version, _editable(changed))

    @property
    def texts(self) -> SqlTextShelf:
        """What it says in letters in its own words."""
        return SqlTextShelf(self._connection)

    def kept(self) -> Mapping[Kept, int]:
        """How many days it chose to keep kinds of record, where it chose."""
        return {Kept(row.kind): row.days for row in self._connection.execute(select(PROGRAM.kept_days))}

    def keep(self, days: Mapping[Kept, int]) -> None:
        """Store how long it keeps these kinds."""
        self._connection.execute(delete(PROGRAM.kept_days).where(PROGRAM.kept_days.c.kind.in_(days)))
        if days:
            self._connection.execute(
                insert(PROGRAM.kept_days), [{"kind": kind, "days": count} for kind, count in days.items()]
            )


def _editable(value: Program) -> dict[str, object]:
    return {
        "name": value.name,
        "region": value.region,
        "language": value.language,
        "standing": value.standing,
        "restored_to": value.restored_to,
    }


class SqlCommunities:
    """The town and the communities around it."""

    def __init__(self, connection: Connection) -> None:
        """Works inside one transaction."""
        self._connection = connection

    def add(self, community: Community) -> None:
        """Keep a new community."""
        values = {"id": community.id, "name": community.name, "version": community.version}
        self._connection.execute(insert(communities).values(values))

    def all(self) -> tuple[Community, ...]:
        """Every community, the first one added first."""
        rows = self._connection.execute(select(communities).order_by(communities.c.id))
        return tuple(Community(id=CommunityId(row.id), name=row.name, version=row.version) for row in rows)
