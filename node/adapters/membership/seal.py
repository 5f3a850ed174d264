"""Sealing what membership keeps in our database under the data key of the program itself."""

from functools import cached_property

from sqlalchemy import Engine, select

from federation.ground.engine import reading
from federation.ground.sealed import UnsealError, seal, unseal
from node.adapters.sql.tables import data_keys, program
from node.adapters.vault.file import FileVault, Wrapped

_PLACE = b"membership\0"


class ProgramSeal:
    """Seals under the program's data key, which is unwrapped once; rotation wraps it anew and changes nothing here."""

    def __init__(self, engine: Engine, vault: FileVault) -> None:
        """The key is read when it is first needed."""
        self._engine = engine
        self._vault = vault

    def seal(self, plaintext: bytes, context: bytes) -> bytes:
        """Seal for one place."""
        return seal(self._key, plaintext, _PLACE + context)

    def unseal(self, sealed: bytes, context: bytes) -> bytes:
        """Open what was sealed for that place. Raises: UnsealError."""
        return unseal(self._key, sealed, _PLACE + context)

    @cached_property
    def _key(self) -> bytes:
        with reading(self._engine) as connection:
            joined = select(data_keys).join(program, program.c.id == data_keys.c.subject)
            row = connection.execute(joined).one_or_none()
        if row is None:
            raise UnsealError
        return self._vault.unwrap(Wrapped(row.master_version, row.wrapped), row.subject)
