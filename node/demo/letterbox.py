"""A real SMTP server for the story: what it receives lies as `.eml` files in one folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiosmtpd.controller import Controller

if TYPE_CHECKING:
    from pathlib import Path

    from aiosmtpd.smtp import SMTP, Envelope, Session


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802, ARG002 - the library calls it so
        """Write one letter, as the library calls it."""
        self._count += 1
        content = envelope.content or b""
        raw = content.encode() if isinstance(content, str) else content
        (self._folder / f"{self._count:04d}.eml").write_bytes(raw)
        return "250 stored"


class LetterBox:
    """An SMTP server on loopback, for as long as it is open."""

    def __init__(self, folder: Path, port: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._controller = Controller(_Folder(folder), hostname="127.0.0.1", port=port)

    def open(self) -> None:
        """Begin to receive."""
        self._controller.start()

    def close(self) -> None:
        """Receive no more."""
        self._controller.stop()

    def letters(self) -> list[bytes]:
        """What was received, oldest first."""
        return [path.read_bytes() for path in sorted(self._folder.glob("*.eml"))]
