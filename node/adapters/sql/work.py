"""One transaction over the program's database, and the shelves inside it.

Each shelf is loaded when it is first asked for (`sql.__getattr__`): most commands need few of them.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Self

from sqlalchemy import Connection, Engine

from federation.ground.engine import reading, transaction
from node.adapters import sql
from node.adapters.sql.seals import Seals, SqlDataKeys

if TYPE_CHECKING:
    from types import TracebackType

    from node.adapters.vault.file import FileVault
    from node.services.ports.border import Border

MakeBorder = Callable[[Connection], "Border"]
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
    def programs(self) -> sql.program.SqlPrograms:
        """The one program."""
        return sql.program.SqlPrograms(self.connection, self.seals)

    @property
    def communities(self) -> sql.program.SqlCommunities:
        """The town and the communities around it."""
        return sql.program.SqlCommunities(self.connection)

    @property
    def users(self) -> sql.users.SqlUsers:
        """Members of staff."""
        return sql.users.SqlUsers(self.connection, self.seals, self._vault)

    @property
    def passwords(self) -> sql.signin.SqlPasswords:
        """Their passwords, and links to choose one."""
        return sql.signin.SqlPasswords(self.connection, self.seals)

    @property
    def sessions(self) -> sql.signin.SqlSessions:
        """Signed-in browsers."""
        return sql.signin.SqlSessions(self.connection)

    @property
    def attempts(self) -> sql.signin.SqlAttempts:
        """Attempts to sign in that did not succeed."""
        return sql.signin.SqlAttempts(self.connection, self._vault)

    @property
    def factors(self) -> sql.factors.SqlFactors:
        """Their second factors."""
        return sql.factors.SqlFactors(self.connection, self.seals, self._vault)

    @property
    def links(self) -> sql.links.SqlLinks:
        """Their accounts elsewhere."""
        return sql.links.SqlLinks(self.connection)

    @property
    def passkeys(self) -> sql.passkeys.SqlPasskeys:
        """Their passkeys."""
        return sql.passkeys.SqlPasskeys(self.connection)

    @property
    def participants(self) -> sql.participants.SqlParticipants:
        """How participants sign in."""
        return sql.participants.SqlParticipants(self.connection)

    @property
    def tokens(self) -> sql.tokens.SqlTokens:
        """Tokens of other programs."""
        return sql.tokens.SqlTokens(self.connection, self.seals)

    @property
    def answers(self) -> sql.tokens.SqlAnswers:
        """First answers to what must be done once."""
        return sql.tokens.SqlAnswers(self.connection, self.seals)

    @property
    def people(self) -> sql.people.SqlPeople:
        """Mentees and mentors."""
        return sql.people.SqlPeople(self.connection, self.seals, self._vault)

    @property
    def notes(self) -> sql.folk.SqlNotes:
        """What was written down about people."""
        return sql.folk.SqlNotes(self.connection, self.seals)

    @property
    def merges(self) -> sql.merges.SqlMerges:
        """Who turned out to be whom."""
        return sql.merges.SqlMerges(self.connection, self.seals)

    @property
    def uploads(self) -> sql.folk.SqlUploads:
        """Spreadsheets on their way in."""
        return sql.folk.SqlUploads(self.connection, self.seals)

    @property
    def intake_forms(self) -> sql.intake.SqlIntakeForms:
        """The program's own questions, and its sources."""
        return sql.intake.SqlIntakeForms(self.connection)

    @property
    def applications(self) -> sql.intake.SqlApplications:
        """Answers of people who are not in the program yet."""
        return sql.intake.SqlApplications(self.connection, self.seals)

    @property
    def exclusions(self) -> sql.exclusions.SqlExclusions:
        """Pairs kept apart."""
        return sql.exclusions.SqlExclusions(self.connection)

    @property
    def pins(self) -> sql.pins.SqlPins:
        """Pairs a coordinator wants."""
        return sql.pins.SqlPins(self.connection)

    @property
    def drafts(self) -> sql.drafts.SqlDrafts:
        """Drafts of who meets whom."""
        return sql.drafts.SqlDrafts(self.connection)

    @property
    def consents(self) -> sql.consent.SqlConsents:
        """Grants."""
        return sql.consent.SqlConsents(self.connection, self.seals)

    @property
    def seats(self) -> sql.seat.SqlSeatBook:
        """Promised and taken seats."""
        return sql.seat.SqlSeatBook(self.connection)

    @property
    def audit(self) -> sql.audit.SqlAuditTrail:
        """Every act."""
        return sql.audit.SqlAuditTrail(self.connection)

    @property
    def erasures(self) -> sql.audit.SqlErasures:
        """Tombstones."""
        return sql.audit.SqlErasures(self.connection, self._vault)

    @property
    def requests(self) -> sql.request.SqlRequests:
        """Requests to and from other programs."""
        return sql.request.SqlRequests(self.connection)

    @property
    def mentorships(self) -> sql.mentorship.SqlMentorships:
        """Pairs and groups that meet."""
        return sql.mentorship.SqlMentorships(self.connection, self.seals)

    @property
    def pairs(self) -> sql.pair.SqlPairBook:
        """Notes of pairs, and meetings they plan."""
        return sql.pair.SqlPairBook(self.connection, self.seals)

    @property
    def letters(self) -> sql.letter.SqlLetters:
        """Letters to our own people."""
        return sql.letter.SqlLetters(self.connection, self.seals)

    @property
    def desk(self) -> sql.desk.SqlDesk:
        """What waits for a person."""
        return sql.desk.SqlDesk(self.connection, self.seals)

    @property
    def releases(self) -> sql.release.SqlReleases:
        """What was published."""
        return sql.release.SqlReleases(self.connection)

    @property
    def draws(self) -> sql.privacy.SqlDraws:
        """What was drawn."""
        return sql.privacy.SqlDraws(self.connection)

    @property
    def policies(self) -> sql.privacy.SqlPolicies:
        """Yeses to what is published."""
        return sql.privacy.SqlPolicies(self.connection)

    @property
    def visibilities(self) -> sql.privacy.SqlVisibilities:
        """How far mentors may be seen."""
        return sql.privacy.SqlVisibilities(self.connection)

    @property
    def ledger(self) -> sql.privacy.SqlLedger:
        """What left, chained."""
        return sql.privacy.SqlLedger(self.connection)

    @property
    def cards(self) -> sql.board.SqlCards:
        """Anonymous requests of everybody."""
        return sql.board.SqlCards(self.connection)

    @property
    def postings(self) -> sql.postings.SqlPostings:
        """Our own anonymous requests."""
        return sql.postings.SqlPostings(self.connection, self.seals)

    @property
    def records(self) -> sql.records.SqlRecords:
        """Every row about one person."""
        return sql.records.SqlRecords(self.connection)

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
