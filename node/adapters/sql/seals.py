"""Sealed columns: every value about a person is under her own data key, bound to its table, column and her id.

Secrets of the node itself, such as signing keys, are sealed the same way with the program's id as the subject.
"""

import json
from collections.abc import Iterable, Mapping

from sqlalchemy import Column, Connection, func, insert, select, update

from federation.ground.sealed import UnsealError, new_key, seal, unseal
from node.adapters.sql.tables import data_keys
from node.adapters.vault.file import FileVault, Wrapped


class Seals:
    """Seals and opens values within one transaction; a data key is unwrapped once."""

    def __init__(self, connection: Connection, vault: FileVault) -> None:
        """Data keys come from `connection`, master keys from `vault`."""
        self._connection = connection
        self._vault = vault
        self._keys: dict[str, bytes] = {}

    def make_keys(self, subjects: Iterable[str]) -> None:
        """Give each new subject (a person, a member of staff) a random data key."""
        self._lock("row exclusive")
        rows = []
        for subject in subjects:
            self._keys[subject] = new_key()
            wrapped = self._vault.wrap(self._keys[subject], subject)
            rows.append({"subject": subject, "wrapped": wrapped.key, "master_version": wrapped.master_version})
        if rows:
            self._connection.execute(insert(data_keys), rows)

    def seal(self, column: Column[bytes], subject: str, plaintext: str) -> bytes:
        """The sealed form of a text about `subject`."""
        return self.seal_bytes(column, subject, plaintext.encode())

    def open(self, column: Column[bytes], subject: str, sealed: bytes) -> str:
        """The text. Raises: UnsealError."""
        return self.open_bytes(column, subject, sealed).decode()

    def seal_bytes(self, column: Column[bytes], subject: str, plain: bytes) -> bytes:
        """The sealed form of bytes about `subject`."""
        return seal(self._key(subject), plain, _context(column, subject))

    def open_bytes(self, column: Column[bytes], subject: str, sealed: bytes) -> bytes:
        """The bytes. Raises: UnsealError."""
        return unseal(self._key(subject), sealed, _context(column, subject))

    def seal_fields(self, column: Column[bytes], subject: str, fields: Mapping[str, str]) -> bytes:
        """Several texts in one sealed value."""
        return self.seal(column, subject, json.dumps(dict(fields), ensure_ascii=False))

    def open_fields(self, column: Column[bytes], subject: str, sealed: bytes) -> dict[str, str]:
        """The texts that `seal_fields` sealed."""
        return {str(name): str(text) for name, text in json.loads(self.open(column, subject, sealed)).items()}

    def learn(self, subject: str, wrapped: bytes, master_version: int) -> None:
        """Take a wrapped key that was read together with its rows, to spare one query a person."""
        self._keys[subject] = self._vault.unwrap(Wrapped(master_version, wrapped), subject)

    def rewrap(self) -> int:
        """Wrap every data key under the newest master key; returns how many."""
        # A key that somebody else is adding is waited for; who comes later wraps under the newest master key.
        self._lock("share row exclusive")
        rows = self._connection.execute(select(data_keys)).all()
        for row in rows:
            key = self._vault.unwrap(Wrapped(row.master_version, row.wrapped), row.subject)
            wrapped = self._vault.wrap(key, row.subject)
            self._connection.execute(
                update(data_keys)
                .where(data_keys.c.subject == row.subject)
                .values(wrapped=wrapped.key, master_version=wrapped.master_version)
            )
        return len(rows)

    def _lock(self, mode: str) -> None:
        """Keep additions and a rotation apart where several may write at once."""
        if self._connection.dialect.name == "postgresql":
            self._connection.exec_driver_sql(f"lock table data_keys in {mode} mode")

    def _key(self, subject: str) -> bytes:
        if subject not in self._keys:
            row = self._connection.execute(select(data_keys).where(data_keys.c.subject == subject)).one_or_none()
            if row is None:
                raise UnsealError(subject=subject)
            self.learn(subject, row.wrapped, row.master_version)
        return self._keys[subject]


class SqlDataKeys:
    """The table of wrapped data keys."""

    def __init__(self, connection: Connection, seals: Seals) -> None:
        """Works inside one transaction."""
        self._connection = connection
        self._seals = seals

    def rewrap(self) -> int:
        """Wrap every data key under the newest master key; returns how many."""
        return self._seals.rewrap()

    def count(self) -> int:
        """How many data keys there are."""
        return self._connection.execute(select(func.count()).select_from(data_keys)).scalar_one()


def _context(column: Column[bytes], subject: str) -> bytes:
    return f"{column.table.name}.{column.name}\0{subject}".encode()
