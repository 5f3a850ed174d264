"""Builds the exchange's verbs from its settings and tools; nobody else reads settings."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Engine

from federation.exchange.adapters.distant_board import DistantBoard
from federation.exchange.adapters.hop import Gate, LinkGate
from federation.exchange.adapters.keyring import read_board_keyring, read_keyring, read_link
from federation.exchange.adapters.sql.directory import SqlDirectory
from federation.exchange.adapters.sql.schema import SchemaCheck, prepare_database
from federation.exchange.adapters.sql.work import reading_work, writing_work
from federation.exchange.adapters.tuf import OnlineSigners, TufKeeper
from federation.exchange.adapters.tuf_files import admissions_keys, online_signer
from federation.exchange.adapters.wakeups import LocalWakeups, make_wakeups
from federation.exchange.domain.board import BoardKeyring
from federation.exchange.domain.quota import MailboxLimits
from federation.exchange.services.accept import Accept
from federation.exchange.services.board import KeptBoard, ReadBoard, ReleaseBatch, ServeRelay
from federation.exchange.services.join import Joinings
from federation.exchange.services.keys import PublishKeys, ReadKeys
from federation.exchange.services.mailbox import Acknowledge, ReadMailbox
from federation.exchange.services.ports.board import BoardKeeper
from federation.exchange.services.ports.work import UnitOfWork
from federation.exchange.services.roster import PublishRoster, ReadRosterFile, RenewRoster
from federation.exchange.services.status import ReadStatus, Releases
from federation.exchange.services.summaries import PublishSummary, ReadSummaries
from federation.exchange.services.upkeep import Expire
from federation.exchange.services.uploads import Attest, HandOver
from federation.exchange.settings import ExchangeSettingError, ExchangeSettings
from federation.ground import http
from federation.ground.clock import Clock, SystemClock
from federation.ground.engine import make_engine
from federation.ground.refusal import Refusal
from protocol.ids import Digest
from protocol.keys import Jwk, SealingKey, VerifyingKey
from protocol.needs import BATCH_LIMIT
from protocol.parsing import unb64u

BOARD_SECONDS = 10.0
_BOARD_BYTES = 2 * BATCH_LIMIT  # a signed batch is written in base64


class BoardElsewhereError(Refusal):
    """Another process, run by another steward, keeps the need board."""

    code = "board-elsewhere"
    title = "The need board is not in this folder."
    remedy = "Run the command in the folder of the board, which another steward keeps."


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything the edges of the exchange call; `own_release` is None where another process keeps the board."""

    engine: Engine
    clock: Clock
    gate: Gate
    directory: SqlDirectory
    wakeups: LocalWakeups
    accept: Accept
    read_mailbox: ReadMailbox
    acknowledge: Acknowledge
    publish_keys: PublishKeys
    read_keys: ReadKeys
    joinings: Joinings
    publish_roster: PublishRoster
    renew_roster: RenewRoster
    read_roster_file: ReadRosterFile
    read_status: ReadStatus
    publish_summary: PublishSummary
    read_summaries: ReadSummaries
    hand_over: HandOver
    attest: Attest
    read_board: ReadBoard
    own_release: ReleaseBatch | None
    expire: Expire

    @property
    def release_batch(self) -> ReleaseBatch:
        """What releases batches here. Raises: BoardElsewhereError."""
        if self.own_release is None:
            raise BoardElsewhereError
        return self.own_release


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardServices:
    """Everything the edges of a board alone call."""

    engine: Engine
    gate: LinkGate
    serve_relay: ServeRelay
    read_status: ReadStatus
    release_batch: ReleaseBatch
    expire: Expire
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stores:
    """How this process writes and reads what it stores."""

    work: UnitOfWork
    look: UnitOfWork
    clock: Clock


def build_services(settings: ExchangeSettings, clock: Clock | None = None) -> Services:
    """The verbs over the database and the keys that `settings` name.

    Raises: DatabaseBehindError, and the errors of key files.
    """
    clock = clock or SystemClock()
    engine = make_engine(settings.url)
    prepare_database(engine)
    keys = read_keyring(settings.keys, settings.passphrase)
    directory = SqlDirectory(engine, admissions_keys)
    work, look = writing_work(engine, directory.refresh), reading_work(engine)

    def interval() -> int:
        return directory.roster().policy.board_interval

    board, release, public = _board(settings, _Stores(work=work, look=look, clock=clock), interval)
    signers = OnlineSigners(snapshot=online_signer(keys.snapshot), timestamp=online_signer(keys.timestamp))
    keeper = TufKeeper(signers, public)
    wakeups = make_wakeups(engine)
    releases = Releases(oldest=settings.oldest_release, newest=settings.newest_release)
    limits = MailboxLimits(items=settings.mailbox_items, bytes=settings.mailbox_bytes)
    return Services(
        engine=engine,
        clock=clock,
        gate=Gate(directory, clock, settings.public_url),
        directory=directory,
        wakeups=wakeups,
        accept=Accept(work, clock, wakeups, limits),
        read_mailbox=ReadMailbox(work, look, clock),
        acknowledge=Acknowledge(work, directory, clock, wakeups),
        publish_keys=PublishKeys(work, clock),
        read_keys=ReadKeys(work, clock),
        joinings=Joinings(work, look, directory, clock),
        publish_roster=PublishRoster(work, keeper, clock, Digest(settings.founding_sha256 or "")),
        renew_roster=RenewRoster(work, keeper, clock),
        read_roster_file=ReadRosterFile(look),
        read_status=ReadStatus(look, board, SchemaCheck(engine), releases, clock),
        publish_summary=PublishSummary(work, directory, clock),
        read_summaries=ReadSummaries(work, clock),
        hand_over=HandOver(work, clock, board, keys.relay),
        attest=Attest(work, directory, clock),
        read_board=ReadBoard(work, clock, board),
        own_release=release,
        expire=Expire(work, clock),
    )


def build_board(settings: ExchangeSettings, clock: Clock | None = None) -> BoardServices:
    """The verbs of a board alone. Raises: DatabaseBehindError, ExchangeSettingError, and the errors of key files."""
    if settings.relay_key is None:
        raise ExchangeSettingError(setting="relay_key")
    clock = clock or SystemClock()
    engine = make_engine(settings.url)
    prepare_database(engine)
    work, look = writing_work(engine, lambda: None), reading_work(engine)
    keys = read_board_keyring(settings.keys, settings.passphrase)
    stores = _Stores(work=work, look=look, clock=clock)
    board, release = _kept(keys, stores, lambda: settings.board_interval)
    releases = Releases(oldest=settings.oldest_release, newest=settings.newest_release)
    return BoardServices(
        engine=engine,
        clock=clock,
        gate=LinkGate(VerifyingKey(unb64u(settings.relay_key)), clock, settings.public_url),
        serve_relay=ServeRelay(work, board),
        read_status=ReadStatus(look, board, SchemaCheck(engine), releases, clock),
        release_batch=release,
        expire=Expire(work, clock),
    )


def _board(
    settings: ExchangeSettings, stores: _Stores, interval: Callable[[], int]
) -> tuple[BoardKeeper, ReleaseBatch | None, tuple[Jwk, Jwk]]:
    """The board wherever it is kept, what releases it here, and its public keys."""
    if settings.board_url is not None:
        link = read_link(settings.keys, settings.passphrase)
        connect = partial(http.client, timeout=BOARD_SECONDS, max_response_bytes=_BOARD_BYTES)
        sign, seal = unb64u(settings.board_sign or ""), unb64u(settings.board_seal or "")
        distant = DistantBoard(settings.board_url, link, stores.clock, connect)
        return distant, None, (VerifyingKey(sign).jwk, SealingKey(seal).jwk)
    keys = read_board_keyring(settings.keys, settings.passphrase)
    kept, release = _kept(keys, stores, interval)
    return kept, release, (keys.sign.public.jwk, keys.seal.public.jwk)


def _kept(keys: BoardKeyring, stores: _Stores, interval: Callable[[], int]) -> tuple[KeptBoard, ReleaseBatch]:
    """The board of this process, and what releases it."""
    work, look, clock = stores.work, stores.look, stores.clock
    board = KeptBoard(work=work, reading=look, clock=clock, keys=keys, interval=interval)
    return board, ReleaseBatch(work, look, clock, keys, interval)
