"""The border of this program within one transaction: its own words become messages, the roster's entries its words."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from federation.membership.identity import Identity
from federation.membership.letters import LetterState
from federation.membership.links import Links, PausedBy
from federation.membership.outbox import Outbox, OutboxEntry
from federation.membership.post import Post
from federation.membership.refusals import NotJoinedError, UnknownThreadError
from federation.membership.roster import Roster
from federation.membership.roster_store import RosterStore
from federation.membership.summaries import PeerSummary, Summaries, SummaryDraft
from federation.membership.tables import MemberTables
from federation.membership.views import ThreadView
from node.adapters.membership.board import BoardPost
from node.adapters.membership.stories import standing_of
from node.adapters.membership.translation import need_body, to_body, to_kind
from node.domain.budget import Quarter
from node.domain.counts import Cells, Estimate, estimates
from node.domain.listing import Availability, Listing
from node.domain.person import OccupationCode
from node.domain.request import Need, Said, Stage, UnknownRequestError, WrongMoveError
from node.services.ports.border import Declared, Offering, Published, Standing, Waiting
from protocol import summaries as wire
from protocol.ids import NODE_ENTROPY, MessageId, NodeId, ThreadId, node_id
from protocol.roster import NotMemberError
from protocol.thread.chains import IllegalTransitionError

MANY = 8
"""Attempts after which a message has waited for some hours."""
_STUCK = frozenset({LetterState.REFUSED, LetterState.EXPIRED})
_ON_THE_WAY = frozenset({LetterState.WAITING, LetterState.ACCEPTED, LetterState.REFUSED, LetterState.EXPIRED})


@dataclass(frozen=True, slots=True, kw_only=True)
class BorderPost:
    """Speaks to other programs inside the transaction of `connection`."""

    connection: Connection
    tables: MemberTables
    identity: Identity

    def open(self, peer: NodeId, need: Need, at: datetime) -> ThreadId:
        """Ask another program. Raises: NotJoinedError, RosterTooOldError, NotMemberError, SuspendedError."""
        self._require_joined()
        return self._post.open_thread(self.connection, to=peer, body=need_body(need), now=at)

    def say(self, thread: ThreadId, said: Said, at: datetime) -> Stage:
        """Say something. Raises: WrongMoveError, UnknownRequestError, RosterTooOldError."""
        kind = to_kind(said)
        try:
            self._post.say(self.connection, thread=thread, kind=kind, body=to_body(said), now=at)
        except IllegalTransitionError as error:
            raise WrongMoveError(request=thread, move=kind.value) from error
        except UnknownThreadError as error:
            raise UnknownRequestError(request=thread) from error
        return Stage(self._view(thread).state.value)

    def standing(self, thread: ThreadId) -> Standing:
        """Where a request stands. Raises: UnknownRequestError."""
        return standing_of(self._view(thread))

    def standings(self, threads: Iterable[ThreadId]) -> Mapping[ThreadId, Standing]:
        """Where several requests stand, as far as they are known here."""
        return {view.thread: standing_of(view) for view in self._post.views(self.connection, threads)}

    def story(self, thread: ThreadId) -> Standing:
        """Where a request stands, with the words of each step that are still kept. Raises: UnknownRequestError."""
        try:
            return standing_of(self._post.story(self.connection, thread))
        except UnknownThreadError as error:
            raise UnknownRequestError(request=thread) from error

    def overdue(self, at: datetime) -> tuple[ThreadId, ...]:
        """Requests that may lapse now."""
        return tuple(view.thread for view in self._post.due(self.connection, at))

    def name_of(self, program: NodeId) -> str:
        """The display name of a member, or its id where the roster has none."""
        return self.names_of((program,))[program]

    def names_of(self, programs: Iterable[NodeId]) -> Mapping[NodeId, str]:
        """The display names of several, each as `name_of` says it."""
        roster = RosterStore(self.tables).find(self.connection)
        named = {} if roster is None else {member.id: member.name for member in roster.members.members}
        return {program: named.get(program, program) for program in programs}

    def status_of(self, program: NodeId, at: datetime) -> str:
        """`active`, `suspended` or `left`; blank where the roster knows nothing of it."""
        roster = RosterStore(self.tables).find(self.connection)
        try:
            return "" if roster is None else roster.standing(program, at).value
        except NotMemberError:
            return ""

    def availability(self, at: datetime) -> tuple[Availability, ...]:
        """What every other active member published."""
        roster = self._roster()
        found = self._summaries.all(self.connection, roster, at)
        return tuple(_availability(summary, roster) for summary in found)

    def declared(self) -> Declared:
        """What the roster says of this program. Raises: NotJoinedError, also before it is admitted."""
        try:
            member = self._roster().member(self.identity.node)
        except NotMemberError as error:
            raise NotJoinedError from error
        return Declared(publishes=member.publishes, size=member.size)

    def publish(self, offering: Offering, at: datetime) -> Published:
        """Sign a release, with fresh pseudonyms; the next round carries it to the exchange."""
        named = [replace(listing, pseudonym=node_id(os.urandom(NODE_ENTROPY))) for listing in offering.listings]
        draft = SummaryDraft(
            quarter=str(Quarter.of(at)),
            policy=offering.policy,
            counts=self._counts(offering.cells),
            # Sorted by pseudonym: the order in which mentors were taken in says nothing.
            listings=tuple(sorted((_wire_listing(listing) for listing in named), key=lambda one: one.pseudonym)),
            cards_posted=offering.cards_posted,
        )
        return Published(
            digest=self._summaries.sign(self.connection, draft, at),
            pseudonyms=tuple(listing.pseudonym for listing in named),
            receivers=sum(member.id != self.identity.node for member in self._roster().active),
        )

    def _counts(self, cells: Cells | None) -> wire.Cells | wire.Bracket:
        if cells is None:
            return wire.Bracket(size=self.declared().size)
        return wire.Cells(epsilon_milli=cells.epsilon_milli, cells=cells.by_group)

    def waiting(self) -> tuple[Waiting, ...]:
        """What is not delivered yet, oldest first."""
        return tuple(_waiting(entry) for entry in self._outbox.entries(self.connection) if entry.state in _ON_THE_WAY)

    def retry(self, message: str, at: datetime) -> None:
        """Try a message again now. Raises: UnknownLetterError."""
        self._outbox.retry(self.connection, MessageId(message), at)

    def pause(self, at: datetime) -> None:
        """Send nothing. Raises: NotJoinedError."""
        self._require_joined()
        Links(self.tables).pause(self.connection, PausedBy.PERSON, at)

    def resume(self, at: datetime) -> None:  # noqa: ARG002 - the port lets an adapter make waiting messages due
        """Send again. Raises: NotJoinedError."""
        self._require_joined()
        Links(self.tables).resume(self.connection)

    @property
    def board(self) -> BoardPost:
        """The need board."""
        return BoardPost(connection=self.connection, tables=self.tables, identity=self.identity)

    @property
    def _post(self) -> Post:
        return Post(tables=self.tables, identity=self.identity)

    @property
    def _summaries(self) -> Summaries:
        return Summaries(tables=self.tables, identity=self.identity)

    @property
    def _outbox(self) -> Outbox:
        return Outbox(tables=self.tables, seal=self.identity.seal)

    def _view(self, thread: ThreadId) -> ThreadView:
        try:
            return self._post.view(self.connection, thread)
        except UnknownThreadError as error:
            raise UnknownRequestError(request=thread) from error

    def _require_joined(self) -> None:
        Links(self.tables).get(self.connection)

    def _roster(self) -> Roster:
        self._require_joined()
        return RosterStore(self.tables).get(self.connection)


def _availability(found: PeerSummary, roster: Roster) -> Availability:
    member = roster.member(found.node)
    known = found.summary is not None and not found.expired
    listings = found.summary.listings if found.summary is not None and known else ()
    return Availability(
        program=found.node,
        name=member.name,
        region=member.region,
        known=known,
        size=member.size,
        listings=tuple(_listing(listing) for listing in listings),
        counts=_counted(found.summary.counts) if found.summary is not None and known else (),
    )


def _counted(counts: wire.Cells | wire.Bracket) -> tuple[Estimate, ...]:
    return estimates(counts.cells, counts.epsilon_milli) if isinstance(counts, wire.Cells) else ()


def _listing(listing: wire.Listing) -> Listing:
    return Listing(
        pseudonym=listing.pseudonym,
        occupation=OccupationCode(listing.occupation),
        languages=listing.languages,
        mode=listing.mode,
        seats=listing.seats,
    )


def _wire_listing(listing: Listing) -> wire.Listing:
    return wire.Listing(
        pseudonym=listing.pseudonym,
        occupation=listing.occupation,
        languages=listing.languages,
        mode=listing.mode,
        seats=listing.seats,
    )


def _waiting(entry: OutboxEntry) -> Waiting:
    return Waiting(
        id=entry.message,
        program=entry.peer,
        move=entry.kind.value,
        state=entry.state.value,
        written_at=entry.created_at,
        attempts=entry.attempts,
        due_at=entry.due_at,
        reason=entry.error or "",
        needs_a_person=entry.state in _STUCK or entry.attempts >= MANY,
    )
