"""What was deleted leaves the files: SQLite overwrites it, and its journal is written back and emptied.

PostgreSQL keeps old rows and its journal as it sees fit. What names a person is sealed there under a key of her own,
whose only copy is a row of 60 bytes under the master key; `keys rotate` makes copies of that row useless, too.
"""

from dataclasses import dataclass

from sqlalchemy import Engine

from node.services.ports.shredder import Shredded


@dataclass(frozen=True, slots=True)
class SqlShredder:
    """Fulfils `Shredder` for one database."""

    engine: Engine

    def shred(self) -> Shredded:
        """Try now."""
        if self.engine.dialect.name != "sqlite":
            return Shredded.UNREADABLE
        connection = self.engine.raw_connection()
        try:
            cursor = connection.cursor()
            ((busy, _, _),) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            cursor.close()
        finally:
            connection.close()
        return Shredded.LATER if busy else Shredded.GONE
