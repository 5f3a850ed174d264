"""Letters by SMTP. Only what breaks after the text was handed over leaves it unclear whether the letter left."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path

import aiosmtplib
import anyio

from node.adapters.mail.composing import Composer
from node.adapters.mail.drafts import FolderOfDrafts
from node.domain.letter import Letter, LetterState
from node.domain.person import Contact
from node.services.ports.letters import PostOfficeBusyError

_SECONDS = 30.0
_PERMANENT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where letters are handed over; the password lies in a file of its own."""

    host: str
    port: int
    starttls: bool
    user: str
    password_file: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpPostOffice:
    """Hands letters to a mail server, one conversation each; a person without e-mail gets a draft to print."""

    server: Server
    composer: Composer
    drafts: FolderOfDrafts

    def send(self, letter: Letter, to: Contact, program: str) -> LetterState:
        """SENT, REFUSED by the server for good, UNCLEAR, or DRAFTED. Raises: PostOfficeBusyError."""
        if not to.email:
            return self.drafts.send(letter, to, program)
        return anyio.run(self._hand_over, self.composer.compose(letter, to, program), to.email)

    async def _hand_over(self, message: EmailMessage, to: str) -> LetterState:
        client = aiosmtplib.SMTP(
            hostname=self.server.host, port=self.server.port, timeout=_SECONDS, start_tls=self.server.starttls
        )
        try:
            await self._greet(client)
        except (aiosmtplib.SMTPException, OSError) as error:
            # A wrong password or certificate says nothing of the letter: it waits until somebody mended that.
            client.close()
            raise PostOfficeBusyError from error
        try:
            await client.mail(self.composer.sender)
            await client.rcpt(to)
        except aiosmtplib.SMTPResponseException as error:
            client.close()
            return _refused(error)
        except (aiosmtplib.SMTPException, OSError) as error:
            client.close()
            raise PostOfficeBusyError from error
        return await _deliver(client, message)

    async def _greet(self, client: aiosmtplib.SMTP) -> None:
        await client.connect()
        if self.server.user and self.server.password_file is not None:
            password = self.server.password_file.read_text("utf-8").split("\n", 1)[0].strip()
            await client.login(self.server.user, password)


async def _deliver(client: aiosmtplib.SMTP, message: EmailMessage) -> LetterState:
    try:
        await client.data(message.as_bytes(policy=SMTP_POLICY))
    except aiosmtplib.SMTPResponseException as error:
        return _refused(error)
    except (aiosmtplib.SMTPException, OSError):
        return LetterState.UNCLEAR
    finally:
        client.close()
    return LetterState.SENT


def _refused(error: aiosmtplib.SMTPResponseException) -> LetterState:
    if error.code < _PERMANENT:
        raise PostOfficeBusyError from error
    return LetterState.REFUSED
