"""The adapters of one node, each made when a verb first needs it: what it stands on may take long to load."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from federation.ground.clock import Clock
from node.adapters.ids import SystemIds
from node.adapters.sql.work import unit_of_work
from node.adapters.vault.file import FileVault
from node.adapters.vault.passphrase import known_lock
from node.settings import Settings

if TYPE_CHECKING:
    from httpx import AsyncClient

    from node.adapters.backup.archive import FolderArchive
    from node.adapters.mail.office import Mailing
    from node.adapters.mail.smtp import Server
    from node.adapters.membership.wiring import Membership
    from node.domain.texts import Wording
    from node.services.matching.bench import Benches
    from node.services.ports import Ids, OpenWork
    from node.services.ports.border import Border
    from node.services.ports.factors import Authenticators, Codes, Provider
    from node.services.ports.federation import Federation
    from node.services.ports.letters import DraftFolder, PostOffice
    from node.services.ports.matching import Atlas, RuleBook
    from node.services.ports.occupations import Occupations
    from node.services.ports.printer import Printer
    from node.services.ports.sheets import Sheets
    from node.services.ports.signin import Secrets


@dataclass(frozen=True, kw_only=True)
class Adapters:
    """What the verbs of a node are made of; `connect` opens another way to the exchange than the network."""

    settings: Settings
    engine: Engine
    vault: FileVault
    clock: Clock
    connect: "Callable[[], AsyncClient] | None" = None

    @cached_property
    def work(self) -> "OpenWork":
        """Transactions that may write."""
        return unit_of_work(self.engine, self.vault, self._border)

    @cached_property
    def reading(self) -> "OpenWork":
        """Transactions that only read, and wait for nobody."""
        return unit_of_work(self.engine, self.vault, self._border, reading_only=True)

    @cached_property
    def ids(self) -> "Ids":
        """New ids."""
        return SystemIds(self.clock)

    @cached_property
    def archive(self) -> "FolderArchive":
        """Where backups go."""
        return archive_of(self.settings, self.engine, self.vault)

    @cached_property
    def occupations(self) -> "Occupations":
        """The table of occupations."""
        from node.adapters.occupations.table import OccupationTable

        return OccupationTable(self.settings.data_dir)

    @cached_property
    def benches(self) -> "Benches":
        """The program's mentors, read once."""
        from node.services.matching.bench import Benches

        return Benches(
            occupations=self.occupations,
            atlas=self.atlas,
            rules=self.rules,
            clock=self.clock,
            zone=self.settings.time_zone,
        )

    @cached_property
    def atlas(self) -> "Atlas":
        """Where communities lie."""
        from node.adapters.atlas.table import CommunityAtlas

        return CommunityAtlas()

    @cached_property
    def rules(self) -> "RuleBook":
        """The program's own rules of matching."""
        from node.adapters.rules import FILE, RuleFile

        return RuleFile(self.settings.data_dir / FILE)

    @cached_property
    def sheets(self) -> "Sheets":
        """Spreadsheets."""
        from node.adapters.sheets.files import SheetFiles

        return SheetFiles()

    @cached_property
    def printer(self) -> "Printer":
        """PDF files."""
        from node.adapters.printer import TypstPrinter

        return TypstPrinter()

    @cached_property
    def secrets(self) -> "Secrets":
        """Tokens, and hashes of passwords."""
        from node.adapters.secrets import ArgonSecrets

        return ArgonSecrets()

    @cached_property
    def codes(self) -> "Codes":
        """Codes of second factors."""
        from node.adapters.codes import TimeCodes

        return TimeCodes()

    @cached_property
    def authenticators(self) -> "Authenticators":
        """Devices with passkeys."""
        from node.adapters.authenticators import WebAuthnDevices

        return WebAuthnDevices()

    @cached_property
    def provider(self) -> "Provider":
        """Where staff have accounts elsewhere."""
        from node.adapters.oidc import OpenIdProvider

        chosen = self.settings
        return OpenIdProvider(
            issuer=chosen.oidc_issuer,
            client_id=chosen.oidc_client_id,
            secret_file=chosen.oidc_client_secret_file,
            clock=self.clock,
        )

    @cached_property
    def post_office(self) -> "PostOffice":
        """Which way letters take. Raises: SenderNeededError."""
        from node.adapters.mail.office import open_post_office
        from node.adapters.mail.smtp import Server

        chosen = self.settings
        server = Server(
            host=chosen.smtp_host,
            port=chosen.smtp_port,
            starttls=chosen.smtp_starttls,
            user=chosen.smtp_user,
            password_file=chosen.smtp_password_file,
        )
        return open_post_office(self._mailing(server if chosen.smtp_host else None))

    @cached_property
    def drafts(self) -> "DraftFolder":
        """Where letters lie that somebody sends by hand."""
        from node.adapters.mail.office import open_drafts

        return open_drafts(self._mailing(None))

    def _mailing(self, server: "Server | None") -> "Mailing":
        from node.adapters.mail.office import Mailing

        chosen = self.settings
        return Mailing(
            sender=chosen.mail_sender,
            folder=chosen.data_dir / "letters",
            server=server,
            pages=chosen.public_url,
            texts=self._own_texts,
        )

    def _own_texts(self) -> "Sequence[Wording]":
        with self.reading() as work:
            return work.programs.texts.all()

    @cached_property
    def federation(self) -> "Federation":
        """The exchange, the member programs, and what they say."""
        from node.adapters.membership.wiring import Ears
        from node.services.board.hearing import hear_offer, take_in
        from node.services.forgetting_again import be_reminded
        from node.services.ports.work import Listener
        from node.services.request.hearing import Hear
        from node.services.request.recovering import Recover

        hear = Hear(self.ids)
        board = Listener(take_in, hear_offer)
        ears = Ears(hear=hear, recover=Recover(hear), remind=be_reminded, board=board)
        return self._membership.federation(ears)

    @cached_property
    def _membership(self) -> "Membership":
        from node.adapters.membership.wiring import Place, open_membership

        return open_membership(
            Place(
                engine=self.engine,
                vault=self.vault,
                clock=self.clock,
                roster_dir=self.settings.data_dir / "roster",
                language=self.settings.language,
                connect=self.connect or _connect,
            )
        )

    def _border(self, connection: Connection) -> "Border":
        return self._membership.border(connection)


def open_vault(settings: Settings, ask_passphrase: Callable[[], str | None]) -> FileVault:
    """The keys of an existing node. Raises: the refusals of `federation.ground.keyfile`."""
    return FileVault.open(
        settings.key_file, lambda: known_lock(settings.instance, settings.passphrase_file, ask_passphrase)
    )


def archive_of(settings: Settings, engine: Engine, vault: FileVault) -> "FolderArchive":
    """Where the node's backups go."""
    from node.adapters.backup.archive import FolderArchive

    return FolderArchive(settings.backups, settings.data_dir, engine, vault)


def _connect() -> "AsyncClient":
    from federation.ground.http import client

    return client()
