"""The unit of work: one transaction over everything the program keeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from types import TracebackType

    from node.services.ports.board import Cards, OfferHeard, Postings, Shown
    from node.services.ports.border import Border
    from node.services.ports.crossing import Mentorships, Releases, Requests
    from node.services.ports.desk import Desk
    from node.services.ports.factors import Factors, Links, Passkeys
    from node.services.ports.folk import Merges, Notes, Uploads
    from node.services.ports.intake import Applications, IntakeForms
    from node.services.ports.letters import Letters
    from node.services.ports.matching import Drafts, Pins
    from node.services.ports.pair import PairBook
    from node.services.ports.people import Exclusions, People
    from node.services.ports.privacy import Draws, Ledger, Policies, Visibilities
    from node.services.ports.records import Records
    from node.services.ports.shelves import (
        AuditTrail,
        Communities,
        Consents,
        DataKeys,
        Erasures,
        Programs,
        SeatBook,
        Users,
    )
    from node.services.ports.signin import Attempts, Participants, Passwords, Sessions
    from node.services.ports.tokens import Answers, Tokens


class UnitOfWork(Protocol):
    """One transaction: leaving it commits, an error rolls it back."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    @property
    def programs(self) -> Programs:
        """The one program of this node."""
        ...

    @property
    def communities(self) -> Communities:
        """The town and the communities around it."""
        ...

    @property
    def users(self) -> Users:
        """Members of staff."""
        ...

    @property
    def passwords(self) -> Passwords:
        """Their passwords, and links to choose one."""
        ...

    @property
    def sessions(self) -> Sessions:
        """Signed-in browsers."""
        ...

    @property
    def attempts(self) -> Attempts:
        """Attempts to sign in that did not succeed."""
        ...

    @property
    def factors(self) -> Factors:
        """Their second factors."""
        ...

    @property
    def links(self) -> Links:
        """Their accounts elsewhere."""
        ...

    @property
    def passkeys(self) -> Passkeys:
        """Their passkeys."""
        ...

    @property
    def participants(self) -> Participants:
        """How participants sign in."""
        ...

    @property
    def tokens(self) -> Tokens:
        """Tokens of other programs."""
        ...

    @property
    def answers(self) -> Answers:
        """First answers to what must be done once."""
        ...

    @property
    def people(self) -> People:
        """Mentees and mentors."""
        ...

    @property
    def notes(self) -> Notes:
        """What was written down about people."""
        ...

    @property
    def merges(self) -> Merges:
        """Who turned out to be whom."""
        ...

    @property
    def uploads(self) -> Uploads:
        """Spreadsheets on their way in."""
        ...

    @property
    def intake_forms(self) -> IntakeForms:
        """The program's own questions, and its sources."""
        ...

    @property
    def applications(self) -> Applications:
        """Answers of people who are not in the program yet."""
        ...

    @property
    def exclusions(self) -> Exclusions:
        """Pairs kept apart."""
        ...

    @property
    def pins(self) -> Pins:
        """Pairs a coordinator wants."""
        ...

    @property
    def drafts(self) -> Drafts:
        """Drafts of who meets whom."""
        ...

    @property
    def consents(self) -> Consents:
        """Grants and their history."""
        ...

    @property
    def seats(self) -> SeatBook:
        """Seats promised or taken."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """Every act."""
        ...

    @property
    def erasures(self) -> Erasures:
        """The list of erasures."""
        ...

    @property
    def requests(self) -> Requests:
        """Requests to and from other programs."""
        ...

    @property
    def mentorships(self) -> Mentorships:
        """Pairs and groups that meet."""
        ...

    @property
    def pairs(self) -> PairBook:
        """Notes of pairs, and meetings they plan."""
        ...

    @property
    def letters(self) -> Letters:
        """Letters to our own people."""
        ...

    @property
    def desk(self) -> Desk:
        """What waits for a person."""
        ...

    @property
    def releases(self) -> Releases:
        """What was published."""
        ...

    @property
    def draws(self) -> Draws:
        """What was drawn, or counts as drawn."""
        ...

    @property
    def policies(self) -> Policies:
        """Yeses to what is published."""
        ...

    @property
    def visibilities(self) -> Visibilities:
        """How far mentors may be seen, and since when."""
        ...

    @property
    def ledger(self) -> Ledger:
        """What left this program, chained."""
        ...

    @property
    def cards(self) -> Cards:
        """Anonymous requests of everybody, and what our mentors were asked about them."""
        ...

    @property
    def postings(self) -> Postings:
        """Our own anonymous requests, and the offers that came for them."""
        ...

    @property
    def records(self) -> Records:
        """Every row about one person."""
        ...

    @property
    def border(self) -> Border:
        """What is said to other programs, committed together with the decision to say it."""
        ...

    @property
    def data_keys(self) -> DataKeys:
        """Wrapped data keys."""
        ...


OpenWork = Callable[[], UnitOfWork]
"""Opens a unit of work; what every verb is built with."""


@dataclass(frozen=True, slots=True)
class Listener:
    """What the program does with what the board shows, in the transaction that remembers it."""

    shown: Callable[[UnitOfWork, Shown], None]
    offered: Callable[[UnitOfWork, OfferHeard], None]
