"""One transaction over the program's database, and the shelves inside it."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from functools import partial
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine

from federation.ground.engine import reading, transaction
from node.adapters.sql.audit import SqlAuditTrail, SqlErasures
from node.adapters.sql.board import SqlCards
from node.adapters.sql.consent import SqlConsents
from node.adapters.sql.desk import SqlDesk
from node.adapters.sql.drafts import SqlDrafts
from node.adapters.sql.exclusions import SqlExclusions
from node.adapters.sql.factors import SqlFactors
from node.adapters.sql.folk import SqlNotes, SqlUploads
from node.adapters.sql.intake import SqlApplications, SqlIntakeForms
from node.adapters.sql.letter import SqlLetters
from node.adapters.sql.links import SqlLinks
from node.adapters.sql.mentorship import SqlMentorships
from node.adapters.sql.merges import SqlMerges
from node.adapters.sql.pair import SqlPairBook
from node.adapters.sql.participants import SqlParticipants
from node.adapters.sql.passkeys import SqlPasskeys
from node.adapters.sql.people import SqlPeople
from node.adapters.sql.pins import SqlPins
from node.adapters.sql.postings import SqlPostings
from node.adapters.sql.privacy import SqlDraws, SqlLedger, SqlPolicies, SqlVisibilities
from node.adapters.sql.program import SqlCommunities, SqlPrograms
from node.adapters.sql.records import SqlRecords
from node.adapters.sql.release import SqlReleases
from node.adapters.sql.request import SqlRequests
from node.adapters.sql.seals import Seals, SqlDataKeys
from node.adapters.sql.seat import SqlSeatBook
from node.adapters.sql.signin import SqlAttempts, SqlPasswords, SqlSessions
from node.adapters.sql.tokens import SqlAnswers, SqlTokens
from node.adapters.sql.users import SqlUsers
from node.adapters.vault.file import FileVault
from node.services.ports.border import Border

MakeBorder = Callable[[Connection], Border]
"""Makes the border of one transaction."""
Opened = Callable[[], AbstractContextManager[Connection]]


class SqlUnitOfWork:
    """Leaving it commits, an error rolls it back. A reading one cannot write and waits for nobody."""

    def __init__(self, opened: Opened, vault: FileVault, make_border: MakeBorder | None = None) -> None:
        """Nothing is opened before `with`; without `make_border` nothing is said to other programs."""
        self._open = opened
        self._vault = vault
        self._make_border = make_border
        self._stack = ExitStack()
        self._connection: Connection | None = None
        self._seals: Seals | None = None

    def __enter__(self) -> Self:
        self._connection = self._stack.enter_context(self._open())
        self._seals = Seals(self._connection, self._vault)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection = self._seals = None
        self._stack.__exit__(kind, error, trace)

    @property
    def connection(self) -> Connection:
        """The open transaction, for adapters whose rows commit together with these."""
        if self._connection is None:
            raise RuntimeError("a unit of work is used outside its with block")
        return self._connection

    @property
    def seals(self) -> Seals:
        """Opens and seals columns within this transaction."""
        if self._seals is None:
            raise RuntimeError("a unit of work is used outside its with block")
        return self._seals

    @property
    def programs(self) -> SqlPrograms:
        """The one program."""
        return SqlPrograms(self.connection, self.seals)

    @property
    def communities(self) -> SqlCommunities:
        """The town and the communities around it."""
        return SqlCommunities(self.connection)

    @property
    def users(self) -> SqlUsers:
        """Members of staff."""
        return SqlUsers(self.connection, self.seals, self._vault)

    @property
    def passwords(self) -> SqlPasswords:
        """Their passwords, and links to choose one."""
        return SqlPasswords(self.connection, self.seals)

    @property
    def sessions(self) -> SqlSessions:
        """Signed-in browsers."""
        return SqlSessions(self.connection)

    @property
    def attempts(self) -> SqlAttempts:
        """Attempts to sign in that did not succeed."""
        return SqlAttempts(self.connection, self._vault)

    @property
    def factors(self) -> SqlFactors:
        """Their second factors."""
        return SqlFactors(self.connection, self.seals, self._vault)

    @property
    def links(self) -> SqlLinks:
        """Their accounts elsewhere."""
        return SqlLinks(self.connection)

    @property
    def passkeys(self) -> SqlPasskeys:
        """Their passkeys."""
        return SqlPasskeys(self.connection)

    @property
    def participants(self) -> SqlParticipants:
        """How participants sign in."""
        return SqlParticipants(self.connection)

    @property
    def tokens(self) -> SqlTokens:
        """Tokens of other programs."""
        return SqlTokens(self.connection, self.seals)

    @property
    def answers(self) -> SqlAnswers:
        """First answers to what must be done once."""
        return SqlAnswers(self.connection, self.seals)

    @property
    def people(self) -> SqlPeople:
        """Mentees and mentors."""
        return SqlPeople(self.connection, self.seals, self._vault)

    @property
    def notes(self) -> SqlNotes:
        """What was written down about people."""
        return SqlNotes(self.connection, self.seals)

    @property
    def merges(self) -> SqlMerges:
        """Who turned out to be whom."""
        return SqlMerges(self.connection, self.seals)

    @property
    def uploads(self) -> SqlUploads:
        """Spreadsheets on their way in."""
        return SqlUploads(self.connection, self.seals)

    @property
    def intake_forms(self) -> SqlIntakeForms:
        """The program's own questions, and its sources."""
        return SqlIntakeForms(self.connection)

    @property
    def applications(self) -> SqlApplications:
        """Answers of people who are not in the program yet."""
        return SqlApplications(self.connection, self.seals)

    @property
    def exclusions(self) -> SqlExclusions:
        """Pairs kept apart."""
        return SqlExclusions(self.connection)

    @property
    def pins(self) -> SqlPins:
        """Pairs a coordinator wants."""
        return SqlPins(self.connection)

    @property
    def drafts(self) -> SqlDrafts:
        """Drafts of who meets whom."""
        return SqlDrafts(self.connection)

    @property
    def consents(self) -> SqlConsents:
        """Grants."""
        return SqlConsents(self.connection, self.seals)

    @property
    def seats(self) -> SqlSeatBook:
        """Promised and taken seats."""
        return SqlSeatBook(self.connection)

    @property
    def audit(self) -> SqlAuditTrail:
        """Every act."""
        return SqlAuditTrail(self.connection)

    @property
    def erasures(self) -> SqlErasures:
        """Tombstones."""
        return SqlErasures(self.connection, self._vault)

    @property
    def requests(self) -> SqlRequests:
        """Requests to and from other programs."""
        return SqlRequests(self.connection)

    @property
    def mentorships(self) -> SqlMentorships:
        """Pairs and groups that meet."""
        return SqlMentorships(self.connection, self.seals)

    @property
    def pairs(self) -> SqlPairBook:
        """Notes of pairs, and meetings they plan."""
        return SqlPairBook(self.connection, self.seals)

    @property
    def letters(self) -> SqlLetters:
        """Letters to our own people."""
        return SqlLetters(self.connection, self.seals)

    @property
    def desk(self) -> SqlDesk:
        """What waits for a person."""
        return SqlDesk(self.connection, self.seals)

    @property
    def releases(self) -> SqlReleases:
        """What was published."""
        return SqlReleases(self.connection)

    @property
    def draws(self) -> SqlDraws:
        """What was drawn."""
        return SqlDraws(self.connection)

    @property
    def policies(self) -> SqlPolicies:
        """Yeses to what is published."""
        return SqlPolicies(self.connection)

    @property
    def visibilities(self) -> SqlVisibilities:
        """How far mentors may be seen."""
        return SqlVisibilities(self.connection)

    @property
    def ledger(self) -> SqlLedger:
        """What left, chained."""
        return SqlLedger(self.connection)

    @property
    def cards(self) -> SqlCards:
        """Anonymous requests of everybody."""
        return SqlCards(self.connection)

    @property
    def postings(self) -> SqlPostings:
        """Our own anonymous requests."""
        return SqlPostings(self.connection, self.seals)

    @property
    def records(self) -> SqlRecords:
        """Every row about one person."""
        return SqlRecords(self.connection)

    @property
    def border(self) -> Border:
        """What is said to other programs."""
        if self._make_border is None:
            raise RuntimeError("this unit of work has no border")
        return self._make_border(self.connection)

    @property
    def data_keys(self) -> SqlDataKeys:
        """Wrapped data keys."""
        return SqlDataKeys(self.connection, self.seals)


def unit_of_work(
    engine: Engine, vault: FileVault, make_border: MakeBorder | None = None, *, reading_only: bool = False
) -> Callable[[], SqlUnitOfWork]:
    """What verbs are built with."""
    opened = partial(reading if reading_only else transaction, engine)
    return lambda: SqlUnitOfWork(opened, vault, make_border)


def joined_work(connection: Connection, vault: FileVault, make_border: MakeBorder) -> SqlUnitOfWork:
    """A unit of work inside a transaction that somebody else opened and will commit."""
    return SqlUnitOfWork(lambda: nullcontext(connection), vault, make_border)
