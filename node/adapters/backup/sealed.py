"""The form of a backup file: compressed lines, sealed piece by piece, so that a large program needs little memory.

`MWB1`, 16 random bytes, then pieces of a length (4 bytes) and sealed content. Every piece is bound to the file, its
place and whether it is the last, so that none can be left out, moved or cut off.
"""

import os
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from federation.ground.sealed import UnsealError, seal, unseal
from node.domain.errors import RecoveryWordsError, UnreadableBackupError

_MAGIC = b"MWB1"
_NAME_BYTES = 16
_PIECE = 1 << 20
_LARGEST = 2 * _PIECE


def write_sealed(out: BinaryIO, key: bytes, lines: Iterable[str]) -> None:
    """Write lines as a backup file."""
    name = os.urandom(_NAME_BYTES)
    out.write(_MAGIC + name)
    waiting, place = b"", 0
    for packed in _pack(lines):
        waiting += packed
        while len(waiting) > _PIECE:
            _write_piece(out, seal(key, waiting[:_PIECE], _context(name, place, last=False)))
            waiting, place = waiting[_PIECE:], place + 1
    _write_piece(out, seal(key, waiting, _context(name, place, last=True)))


def read_sealed(source: BinaryIO, key: bytes) -> Iterator[str]:
    """The lines of a backup file. Raises: RecoveryWordsError, UnreadableBackupError."""
    unpack = zlib.decompressobj()
    rest = b""
    for piece in _pieces(source, key):
        *whole, rest = (rest + unpack.decompress(piece)).split(b"\n")
        yield from (line.decode() for line in whole)
    if rest or not unpack.eof:
        raise UnreadableBackupError


def _pack(lines: Iterable[str]) -> Iterator[bytes]:
    pack = zlib.compressobj()
    for line in lines:
        yield pack.compress(line.encode() + b"\n")
    yield pack.flush()


def _pieces(source: BinaryIO, key: bytes) -> Iterator[bytes]:
    if source.read(len(_MAGIC)) != _MAGIC:
        raise UnreadableBackupError
    name, place, last = source.read(_NAME_BYTES), 0, False
    while not last:
        sealed = _read_piece(source)
        upcoming = source.read(1)
        last = not upcoming
        if not last:
            source.seek(-1, os.SEEK_CUR)
        try:
            yield unseal(key, sealed, _context(name, place, last=last))
        except UnsealError as error:
            raise (RecoveryWordsError if place == 0 else UnreadableBackupError) from error
        place += 1


def _read_piece(source: BinaryIO) -> bytes:
    length = int.from_bytes(source.read(4), "big")
    sealed = source.read(length) if length <= _LARGEST else b""
    if not sealed or len(sealed) != length:
        raise UnreadableBackupError
    return sealed


def _write_piece(out: BinaryIO, sealed: bytes) -> None:
    out.write(len(sealed).to_bytes(4, "big") + sealed)


def _context(name: bytes, place: int, *, last: bool) -> bytes:
    return b"backup" + name + place.to_bytes(8, "big") + (b"\1" if last else b"\0")
