"""Which way letters take: a mail server where one is set, else a folder of drafts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from node.adapters.mail.composing import Composer
from node.adapters.mail.drafts import FolderOfDrafts
from node.domain.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from node.adapters.mail.smtp import Server
    from node.domain.texts import Wording
    from node.services.ports.letters import PostOffice


class SenderNeededError(DomainError):
    """A mail server is set, but no address letters come from."""

    code = "sender-needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """How letters leave; without `server` they lie in `folder`. `pages` is where the program's pages are, or blank.

    `texts` reads what it says in its own words.
    """

    sender: str
    folder: Path
    server: Server | None
    pages: str = ""
    texts: Callable[[], Sequence[Wording]] = tuple


def open_drafts(mailing: Mailing) -> FolderOfDrafts:
    """The folder of letters to send by hand."""
    return FolderOfDrafts(mailing.folder, Composer(mailing.sender, mailing.pages, mailing.texts))


def open_post_office(mailing: Mailing) -> PostOffice:
    """The post office of a program. Raises: SenderNeededError."""
    drafts = open_drafts(mailing)
    if mailing.server is None:
        return drafts
    if not mailing.sender:
        raise SenderNeededError
    from node.adapters.mail.smtp import SmtpPostOffice  # noqa: PLC0415 - slow to load, and drafts do without it

    return SmtpPostOffice(server=mailing.server, composer=drafts.composer, drafts=drafts)
