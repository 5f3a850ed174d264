"""A folder of letters to open, send and tick off: for a program without a mail server, or a person without e-mail."""

from dataclasses import dataclass
from email.policy import SMTP
from pathlib import Path

from federation.ground.files import write_atomically
from node.adapters.mail.composing import Composer, ForgottenLetterError
from node.domain.letter import Letter, LetterGoneError, LetterId, LetterState
from node.domain.person import Contact

_SUFFIX = ".eml"


@dataclass(frozen=True, slots=True)
class FolderOfDrafts:
    """Writes `<letter id>.eml`, which mail programs open as a letter that was not sent yet."""

    folder: Path
    composer: Composer

    def send(self, letter: Letter, to: Contact, program: str) -> LetterState:
        """Lay the letter into the folder; the same letter again is the same file."""
        message = self.composer.compose(letter, to, program)
        message["X-Unsent"] = "1"
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_atomically(self.folder / f"{letter.id}{_SUFFIX}", message.as_bytes(policy=SMTP))
        return LetterState.DRAFTED

    def read(self, letter: Letter, to: Contact, program: str) -> bytes:
        """The letter as it lies there, or written anew. Raises: LetterGoneError."""
        file = self.folder / f"{letter.id}{_SUFFIX}"
        if file.is_file() and letter.state is LetterState.DRAFTED:
            return file.read_bytes()
        try:
            message = self.composer.compose(letter, to, program)
        except ForgottenLetterError as error:
            raise LetterGoneError(letter=letter.id) from error
        message["X-Unsent"] = "1"
        return message.as_bytes(policy=SMTP)

    def letters(self) -> tuple[LetterId, ...]:
        """Whose drafts lie there."""
        return tuple(LetterId(file.stem) for file in sorted(self.folder.glob(f"*{_SUFFIX}")))

    def discard(self, letter: LetterId) -> None:
        """Destroy a draft, if it lies there."""
        (self.folder / f"{letter}{_SUFFIX}").unlink(missing_ok=True)
