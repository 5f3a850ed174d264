"""What must not be found again: everything sealed that is kept of a person, and a search of every byte of a folder."""

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Engine, LargeBinary, select

from federation.ground.engine import reading
from node.adapters.sql.tables import METADATA, data_keys, letters, people

_SHORTEST = 12


def sealed_about(engine: Engine, person: str) -> set[bytes]:
    """Every sealed value, keyed token, salt and wrapped key in the rows of a person, and in letters about her."""
    found = set[bytes]()
    with reading(engine) as connection:
        for table in METADATA.sorted_tables:
            columns = [column for column in table.c if isinstance(column.type, LargeBinary)]
            pointing = [column for column in table.c if _leads_to_people(column)]
            if table is data_keys:
                pointing = [table.c.subject]
            if table is people:
                pointing = [table.c.id]
            for column in pointing if columns else ():
                rows = connection.execute(select(*columns).where(column == person))
                found |= {bytes(cell) for row in rows for cell in row if cell}
        found |= {bytes(cell) for cell in connection.execute(select(letters.c.other)).scalars() if cell}
    return {cell for cell in found if len(cell) >= _SHORTEST}


def _leads_to_people(column: object) -> bool:
    keys = getattr(column, "foreign_keys", ())
    return any(key.column is people.c.id for key in keys)


def found_in(folder: Path, canaries: Iterable[bytes], *, leave_out: str = "backups") -> dict[str, list[bytes]]:
    """Which of these bytes lie in which file below a folder; the folder of backups is left out."""
    searched = [
        file for file in folder.rglob("*") if file.is_file() and leave_out not in file.relative_to(folder).parts
    ]
    wanted = tuple(canaries)
    hits = {str(file.relative_to(folder)): [one for one in wanted if one in file.read_bytes()] for file in searched}
    return {name: hit for name, hit in hits.items() if hit}
