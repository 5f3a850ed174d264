"""Joining a federation and rounds with its exchange, as the port asks for them. Membership does the work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import anyio
import httpx

from federation.ground.engine import reading
from federation.ground.stop import Stop
from federation.membership import catching_up
from federation.membership.alerts import Alert
from federation.membership.links import Links, PausedBy
from federation.membership.office import Office
from federation.membership.roster import Roster
from federation.membership.roster_store import RosterStore
from federation.membership.sync import JoinProfile, Member, SyncReport
from federation.membership.wire import WireTime
from node.services.ports.federation import (
    Admission,
    Applicant,
    Fingerprint,
    Freshness,
    JoinView,
    MembershipView,
    MemberView,
    Probe,
    RosterView,
    Round,
    StillAsking,
    Warned,
)
from protocol import roster as wire
from protocol.documents import from_moment
from protocol.errors import ProtocolError
from protocol.ids import Digest, NodeId
from protocol.keys import VerifyingKey, WordList, six_words

_PROBE_SECONDS = 5.0
_PROBE_BYTES = 4096


@dataclass(frozen=True)
class MembershipFederation:
    """This program's membership; `language` is that of the six words."""

    member: Member
    language: WordList
    connect: Callable[[], httpx.AsyncClient]

    def join(self, code: str, applicant: Applicant) -> JoinView:
        """Ask to join, or go on with it."""
        profile = JoinProfile(
            name=applicant.name,
            region=applicant.region,
            publishes=applicant.publishes,
            size=applicant.size,
            language=self.language,
        )
        status = self.member.join(code, profile)
        return JoinView(
            node=self.member.identity.node,
            state=Admission(status.state.value),
            words=status.words,
            exchange=status.exchange,
        )

    def attend(self, stop: Stop) -> None:
        """See to the post for about a minute. Raises: NotJoinedError."""
        self._office.attend(stop)

    def sync(self) -> Round:
        """One round. Raises: NotJoinedError."""
        return _round(self.member.sync())

    def go_on(self) -> None:
        """Wait no longer for programs that have not answered. Raises: RosterUnverifiedError."""
        self.member.stop_waiting()

    def roster(self) -> RosterView:
        """The last verified roster. Raises: RosterUnverifiedError."""
        roster, now = self.member.roster(), self.member.clock.now()
        with reading(self.member.engine) as connection:
            link = Links(self.member.tables).get(connection)
            known = _Known(roster, link.root_digest, self.member.post.threads.last_heard(connection))
        return RosterView(
            signed_at=roster.signed_at,
            freshness=Freshness(roster.tier(now).value),
            members=tuple(self._member(known, entry, now) for entry in roster.members.members),
        )

    def membership(self) -> MembershipView | None:
        """Our own place in it; None for a program that never asked to join."""
        with reading(self.member.engine) as connection:
            link = self.member.link(connection)
            if link is None:
                return None
            keys = self.member.identity.newest(connection)
        return MembershipView(
            node=self.member.identity.node,
            state=Admission(link.state.value),
            words=_words(link.root_digest, self.member.identity.identity.public),
            exchange=link.exchange,
            paused=link.paused_by is not None,
            paused_by_exchange=link.paused_by is PausedBy.EXCHANGE,
            read_at=link.synced_at,
            keys_since=keys.issued_at,
            keys_until=keys.expires_at,
        )

    def freshness(self) -> Freshness | None:
        """How old the list of members is; None for a program that has not joined, or never saw one."""
        with reading(self.member.engine) as connection:
            roster = RosterStore(self.member.tables).find(connection)
        return None if roster is None else Freshness(roster.tier(self.member.clock.now()).value)

    def warnings(self) -> tuple[Warned, ...]:
        """What a person must know of, newest first."""
        with reading(self.member.engine) as connection:
            return tuple(_warned(alert) for alert in self.member.alerts.all(connection))

    def probe(self) -> Probe | None:
        """Ask the exchange for the time; None for a program that has not joined."""
        with reading(self.member.engine) as connection:
            link = self.member.link(connection)
        if link is None:
            return None
        try:
            told = anyio.run(self._time, f"{link.exchange.rstrip('/')}/v1/time")
        except (httpx.HTTPError, ProtocolError):
            return Probe(None)
        return Probe(told - int(self.member.clock.now().timestamp()))

    async def _time(self, url: str) -> int:
        async with self.connect() as client:
            response = await client.get(url, timeout=_PROBE_SECONDS)
            return WireTime.parse(response.raise_for_status().content, limit=_PROBE_BYTES).unix

    @cached_property
    def _office(self) -> Office:
        return Office(self.member)

    def _member(self, known: "_Known", entry: wire.Member, now: datetime) -> MemberView:
        node, roster = NodeId(entry.id), known.roster
        return MemberView(
            id=node,
            name=entry.name,
            region=entry.region,
            status=roster.standing(node, now).value,
            publishes=entry.publishes,
            size=entry.size,
            ours=node == self.member.identity.node,
            words=_words(known.root, roster.identity(node)),
            suspended_at=min((from_moment(one.since) for one in roster.stuck if one.subject == node), default=None),
            heard_at=known.heard.get(node),
        )


@dataclass(frozen=True, slots=True)
class _Known:
    roster: Roster
    root: Digest
    heard: Mapping[NodeId, datetime]


def _words(root: Digest, identity: VerifyingKey) -> Fingerprint:
    return Fingerprint(
        english=six_words(root, identity, WordList.ENGLISH), french=six_words(root, identity, WordList.FRENCH)
    )


def _round(report: SyncReport) -> Round:
    return Round(
        joined=report.joined,
        reached=report.reached,
        paused=report.paused,
        freshness=None if report.tier is None else Freshness(report.tier.value),
        received=report.letters_taken,
        sent=report.letters_sent,
        waiting=report.letters_waiting,
        summaries=report.summaries_fetched,
        warnings=tuple(_warned(alert) for alert in report.alerts),
        still_asking=None if report.still_asking is None else _asking(report.still_asking),
    )


def _asking(found: catching_up.StillAsking) -> StillAsking:
    return StillAsking(restored_to=found.restored.to, requests=found.threads, programs=found.peers)


def _warned(alert: Alert) -> Warned:
    return Warned(code=alert.code.value, subject=alert.subject, last_at=alert.last_at, count=alert.count)
