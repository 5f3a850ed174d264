"""The program's own texts in SQL: one row a letter, so that one version covers what one page changes."""

import json
from collections.abc import Sequence

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from node.adapters.sql.tables import PROGRAM
from node.adapters.sql.versions import replace_row
from node.domain.errors import ChangedMeanwhileError
from node.domain.program import Tongue
from node.domain.texts import LetterKind, OwnTexts, Wording

letter_texts = PROGRAM.letter_texts


class SqlTextShelf:
    """The table of own texts."""

    def __init__(self, connection: Connection) -> None:
        """Works inside one transaction."""
        self._connection = connection

    def get(self, letter: LetterKind) -> OwnTexts:
        """What the program says otherwise in one letter."""
        row = self._connection.execute(select(letter_texts).where(letter_texts.c.id == letter)).one_or_none()
        return OwnTexts(letter=letter) if row is None else _read(letter, row.wordings, row.version)

    def all(self) -> Sequence[Wording]:
        """Everything it says otherwise."""
        rows = self._connection.execute(select(letter_texts).order_by(letter_texts.c.id))
        return [one for row in rows for one in _read(LetterKind(row.id), row.wordings, row.version).wordings]

    def replace(self, changed: OwnTexts) -> None:
        """Store them. Raises: ChangedMeanwhileError."""
        wordings = json.dumps([(one.code, one.language, one.text) for one in changed.wordings], ensure_ascii=False)
        if changed.version:
            replace_row(self._connection, letter_texts, changed.letter, changed.version, {"wordings": wordings})
            return
        try:
            self._connection.execute(insert(letter_texts).values(id=changed.letter, wordings=wordings, version=1))
        except IntegrityError as error:
            raise ChangedMeanwhileError(table=letter_texts.name, row=changed.letter) from error


def _read(letter: LetterKind, wordings: str, version: int) -> OwnTexts:
    found = tuple(
        Wording(code=code, language=Tongue(language), text=text) for code, language, text in json.loads(wordings)
    )
    return OwnTexts(letter=letter, wordings=found, version=version)
