"""Looking at the roster and at one's own record, without changing anything that others see."""

from dataclasses import dataclass

from federation.governance.domain.acts import Verb
from federation.governance.domain.content import Published
from federation.governance.domain.deadlines import deadlines
from federation.governance.domain.diff import Change, compare
from federation.governance.domain.errors import (
    ExchangeUnreachableError,
    FederationTakenError,
    FederationUnknownError,
    NoCopyError,
)
from federation.governance.domain.trust import RoleName
from federation.governance.services.ports import Pin, PinKind, Reader, StewardFolder
from federation.governance.services.views import (
    ActView,
    HistoryView,
    MemberView,
    RoleView,
    RosterView,
    StatusView,
    SuspensionView,
)
from federation.ground.clock import Clock
from protocol.documents import from_moment
from protocol.ids import Digest, NodeId
from protocol.roster import Member, standing


@dataclass(frozen=True, slots=True)
class ShowRoster:
    """The roster as verified now, or as verified last."""

    reader: Reader
    clock: Clock

    def __call__(self, *, offline: bool = False) -> RosterView:
        """Raises: the errors of the reader."""
        published = self.reader.last() if offline else self.reader.read()
        content = published.content
        return RosterView(
            exchange=published.exchange,
            root_version=content.versions.root,
            root_sha256=published.root_digest,
            targets_version=content.versions.targets,
            suspensions_version=content.versions.suspensions,
            signed_at=from_moment(content.suspensions.signed_at),
            read_at=published.read_at,
            live=not offline,
            roles=tuple(_role_view(published, name) for name in RoleName),
            members=tuple(_member_view(published, member) for member in content.members.members),
            suspensions=_suspension_views(published),
            deadlines=deadlines(published, self.clock.now()),
        )


def _role_view(published: Published, name: RoleName) -> RoleView:
    role = published.content.trust.role(name)
    holders = tuple(holder.name for holder in role.holders)
    return RoleView(role=name.value, threshold=role.threshold, holders=holders)


def _member_view(published: Published, member: Member) -> MemberView:
    node = NodeId(member.id)
    return MemberView(
        id=node,
        name=member.name,
        region=member.region,
        standing=standing(published.content.members, published.kept, node),
        identity=member.identity.key_id,
        min_key_version=member.min_key_version,
        publishes=member.publishes.value,
        size=member.size.value,
    )


def _suspension_views(published: Published) -> tuple[SuspensionView, ...]:
    return tuple(
        SuspensionView(
            subject=NodeId(entry.subject), key=entry.key, serial=entry.serial, since=from_moment(entry.since)
        )
        for entry in sorted(published.kept, key=lambda entry: (entry.since, *entry.name))
    )


@dataclass(frozen=True, slots=True)
class CompareRoster:
    """What changed between the last copy and what the exchange serves now."""

    reader: Reader

    def __call__(self) -> tuple[Change, ...]:
        """Raises: NoCopyError and the errors of the reader."""
        before = self.reader.last()
        return compare(before.content, self.reader.read().content)


@dataclass(frozen=True, slots=True)
class TrustRoot:
    """Trust a federation by the hash of its root, as another steward read it out."""

    reader: Reader

    def __call__(self, steward: StewardFolder, exchange: str, root_version: int, digest: Digest) -> None:
        """Raises: FederationTakenError, RootDiffersError and the errors of the reader."""
        pin = Pin(exchange=exchange, root_version=root_version, sha256=digest, of=PinKind.FILE)
        if steward.pin() is not None and steward.pin() != pin:
            raise FederationTakenError
        self.reader.read(pin)
        steward.keep_pin(pin)
        steward.record(Verb.TRUSTED_ROOT, f"r{root_version}", digest)


@dataclass(frozen=True, slots=True)
class ShowHistory:
    """The record of acts, its chain checked."""

    def __call__(self, steward: StewardFolder) -> HistoryView:
        """Raises: RecordBrokenError."""
        acts = tuple(
            ActView(n=act.n, at=from_moment(act.at), by=act.by, verb=act.verb, what=act.what, subject=act.subject)
            for act in steward.acts()
        )
        return HistoryView(acts=acts, head=steward.head())


@dataclass(frozen=True, slots=True)
class ShowStatus:
    """Where a steward stands: her record, her open codes, and how long every file still lasts."""

    show: ShowRoster

    def __call__(self, steward: StewardFolder) -> StatusView:
        """Falls back on the last copy when the exchange is away. Raises: RecordBrokenError, RosterRefusedError."""
        acts = steward.acts()
        return StatusView(
            steward=steward.card.name,
            acts=len(acts),
            head=steward.head(),
            codes=steward.all_issued(),
            roster=self._roster(),
        )

    def _roster(self) -> RosterView | None:
        try:
            return self.show()
        except FederationUnknownError:
            return None
        except ExchangeUnreachableError:
            try:
                return self.show(offline=True)
            except NoCopyError:
                return None
