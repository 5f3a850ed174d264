"""Builds the exchange's verbs from its settings and tools; nobody else reads settings."""

from dataclasses import dataclass

from sqlalchemy import Engine

from federation.exchange.adapters.hop import Gate
from federation.exchange.adapters.keyring import read_keyring
from federation.exchange.adapters.sql.directory import SqlDirectory
from federation.exchange.adapters.sql.schema import SchemaCheck, prepare_database
from federation.exchange.adapters.sql.work import reading_work, writing_work
from federation.exchange.adapters.tuf import OnlineSigners, TufKeeper
from federation.exchange.adapters.tuf_files import admissions_keys, online_signer
from federation.exchange.adapters.wakeups import LocalWakeups, make_wakeups
from federation.exchange.domain.quota import MailboxLimits
from federation.exchange.services.accept import Accept
from federation.exchange.services.board import ReadBoard, ReceiveUpload, ReleaseBatch
from federation.exchange.services.join import Joinings
from federation.exchange.services.keys import PublishKeys, ReadKeys
from federation.exchange.services.mailbox import Acknowledge, ReadMailbox
from federation.exchange.services.roster import PublishRoster, ReadRosterFile, RenewRoster
from federation.exchange.services.status import ReadStatus, Releases
from federation.exchange.services.summaries import PublishSummary, ReadSummaries
from federation.exchange.services.upkeep import Expire
from federation.exchange.services.uploads import Attest, HandOver
from federation.exchange.settings import ExchangeSettings
from federation.ground.clock import Clock, SystemClock
from federation.ground.engine import make_engine
from protocol.ids import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything the edges of the exchange call."""

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
    release_batch: ReleaseBatch
    expire: Expire


def build_services(settings: ExchangeSettings, clock: Clock | None = None) -> Services:
    """The verbs over the database and the keys that `settings` name.

    Raises: DatabaseBehindError, and the errors of key files.
    """
    clock = clock or SystemClock()
    engine = make_engine(settings.url)
    prepare_database(engine)
    keys = read_keyring(settings.keys, settings.passphrase)
    board = (keys.board.sign.public.jwk, keys.board.seal.public.jwk)
    keeper = TufKeeper(
        OnlineSigners(snapshot=online_signer(keys.snapshot), timestamp=online_signer(keys.timestamp)), board
    )
    directory = SqlDirectory(engine, admissions_keys)
    work, look = writing_work(engine, directory.refresh), reading_work(engine)
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
        publish_roster=PublishRoster(work, keeper, clock, Digest(settings.founding_sha256)),
        renew_roster=RenewRoster(work, keeper, clock),
        read_roster_file=ReadRosterFile(look),
        read_status=ReadStatus(look, SchemaCheck(engine), releases, clock),
        publish_summary=PublishSummary(work, directory, clock),
        read_summaries=ReadSummaries(work, clock),
        hand_over=HandOver(work, clock, ReceiveUpload(work, clock, keys.board), keys.relay),
        attest=Attest(work, directory, clock),
        read_board=ReadBoard(work, clock),
        release_batch=ReleaseBatch(work, look, directory, clock, keys.board),
        expire=Expire(work, clock),
    )
