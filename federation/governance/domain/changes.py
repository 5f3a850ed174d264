"""How one state of the roster follows another: every rule of admission, suspension and renewal.

Each function returns the next state, with the versions, dates and `signed_at` of exactly the files that must be signed
anew. Who may sign them is in `trust`.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from federation.governance.domain.content import LIFETIMES, Content, Expiry, Versions
from federation.governance.domain.errors import (
    AlreadyMemberError,
    KeyVersionError,
    NothingToChangeError,
)
from federation.governance.domain.trust import RoleName, Trust
from protocol.documents import to_moment
from protocol.ids import KeyId, NodeId
from protocol.keys import Jwk
from protocol.roster import (
    Cleared,
    Member,
    Members,
    Policy,
    Quotas,
    Standing,
    Suspension,
    Suspensions,
    find,
)

Kept = frozenset[Suspension]


def found(trust: Trust, policy: Policy, now: datetime) -> Content:
    """The first roster: roles, a policy, and nobody in it."""
    at = to_moment(now)
    return Content(
        trust=trust,
        versions=Versions(root=1, targets=1, suspensions=1),
        expires=Expiry(
            root=_end(RoleName.ROOT, now),
            targets=_end(RoleName.TARGETS, now),
            suspensions=_end(RoleName.SUSPENSIONS, now),
        ),
        members=Members(signed_at=at, members=()),
        policy=policy,
        suspensions=Suspensions(signed_at=at),
    )


def date_founding(content: Content, now: datetime) -> Content:
    """The first suspensions, dated anew while the founding proposal still travels."""
    return replace(
        content,
        expires=replace(content.expires, suspensions=_end(RoleName.SUSPENSIONS, now)),
        suspensions=Suspensions(signed_at=to_moment(now)),
    )


def admit(content: Content, member: Member, now: datetime) -> Content:
    """`member` joins. Raises: AlreadyMemberError."""
    _check_identity(content.members, member.identity)
    if any(entry.id == member.id for entry in content.members.members):
        raise AlreadyMemberError(node=member.id)
    return _with_members(content, (*content.members.members, member), now)


def rekey(content: Content, node: NodeId, identity: Jwk, key_version: int, now: datetime) -> Content:
    """A member gets a new identity; statements below `key_version` count no more.

    Raises: NotMemberError, KeyVersionError, AlreadyMemberError.
    """
    member = find(content.members, node)
    if key_version <= member.min_key_version:
        raise KeyVersionError(node=node, version=key_version, least=member.min_key_version + 1)
    _check_identity(content.members, identity)
    changed = member.model_copy(update={"identity": identity, "min_key_version": key_version})
    return _with_members(content, _replacing(content.members, changed), now)


def remove(content: Content, node: NodeId, now: datetime) -> Content:
    """A member leaves for good; its entry stays, so that its id is never given again.

    Raises: NotMemberError, NothingToChangeError.
    """
    member = find(content.members, node)
    if member.status is Standing.LEFT:
        raise NothingToChangeError(node=node)
    changed = member.model_copy(update={"status": Standing.LEFT})
    return _with_members(content, _replacing(content.members, changed), now)


def vouch(content: Content, node: NodeId, mentees: int, now: datetime) -> Content:
    """A member may have as many anonymous requests open as the stewards know mentees to wait.

    Raises: NotMemberError, NothingToChangeError.
    """
    member = find(content.members, node)
    if member.quotas.cards == mentees:
        raise NothingToChangeError(node=node)
    quotas = Quotas.model_validate({**dict(member.quotas), "cards": mentees})
    return _with_members(content, _replacing(content.members, member.model_copy(update={"quotas": quotas})), now)


def resume(content: Content, node: NodeId, kept: Kept, now: datetime) -> Content:
    """A member is active again, and every suspension that holds for it is cleared by name.

    Raises: NotMemberError, NothingToChangeError.
    """
    member = find(content.members, node)
    lifted = tuple(Cleared(key=entry.key, serial=entry.serial) for entry in sorted_kept(kept) if entry.subject == node)
    if member.status is Standing.ACTIVE and not lifted:
        raise NothingToChangeError(node=node)
    changed = member.model_copy(update={"status": Standing.ACTIVE})
    members = content.members.model_copy(update={"cleared": (*content.members.cleared, *lifted)})
    return _with_members(replace(content, members=members), _replacing(content.members, changed), now)


def suspend(content: Content, node: NodeId, *, duty: KeyId, kept: Kept, now: datetime) -> Content:
    """One duty key stops a member at once. Raises: NotMemberError, NothingToChangeError."""
    find(content.members, node)
    if any(entry.subject == node and entry.key == duty for entry in kept):
        raise NothingToChangeError(node=node)
    entry = Suspension(key=duty, serial=_next_serial(content, duty, kept), subject=node, since=to_moment(now))
    return refresh(content, kept | {entry}, now)


def refresh(content: Content, kept: Kept, now: datetime) -> Content:
    """The suspensions signed anew: what holds, and nothing less."""
    versions = content.versions.model_copy(update={"suspensions": content.versions.suspensions + 1})
    return replace(
        content,
        versions=versions,
        expires=replace(content.expires, suspensions=_end(RoleName.SUSPENSIONS, now)),
        suspensions=Suspensions(signed_at=to_moment(now), entries=sorted_kept(kept)),
    )


def renew(content: Content, now: datetime) -> Content:
    """The admissions' files as they are, for another 90 days."""
    return _with_members(content, content.members.members, now)


def set_policy(content: Content, policy: Policy, now: datetime) -> Content:
    """Other rules for everybody. Raises: NothingToChangeError."""
    if policy.model_copy(update={"signed_at": content.policy.signed_at}) == content.policy:
        raise NothingToChangeError
    changed = replace(content, policy=policy.model_copy(update={"signed_at": to_moment(now)}))
    return renew(changed, now)


def rotate(content: Content, trust: Trust, kept: Kept, now: datetime) -> Content:
    """New roles, or another year for the old ones.

    What the old keys signed is signed anew where keys changed, so that nothing rests on a key that was taken away.
    """
    versions = content.versions.model_copy(update={"root": content.versions.root + 1})
    expires = replace(content.expires, root=_end(RoleName.ROOT, now))
    next_content = replace(content, trust=trust, versions=versions, expires=expires)
    if trust.targets != content.trust.targets or trust.suspensions != content.trust.suspensions:
        next_content = renew(next_content, now)
    if trust.suspensions != content.trust.suspensions:
        next_content = refresh(next_content, kept, now)
    return next_content


def sorted_kept(kept: Iterable[Suspension]) -> tuple[Suspension, ...]:
    """Suspensions in one order, so that two stewards write the same bytes."""
    return tuple(sorted(kept, key=lambda entry: (entry.since, *entry.name)))


def _with_members(content: Content, members: tuple[Member, ...], now: datetime) -> Content:
    # Built anew, not copied, because the rule that ids and identities occur once lives in the constructor.
    signed = Members(signed_at=to_moment(now), members=members, cleared=content.members.cleared)
    return replace(
        content,
        versions=content.versions.model_copy(update={"targets": content.versions.targets + 1}),
        expires=replace(content.expires, targets=_end(RoleName.TARGETS, now)),
        members=signed,
    )


def _replacing(members: Members, changed: Member) -> tuple[Member, ...]:
    return tuple(changed if entry.id == changed.id else entry for entry in members.members)


def _check_identity(members: Members, identity: Jwk) -> None:
    for entry in members.members:
        if entry.identity.x == identity.x:
            raise AlreadyMemberError(node=entry.id)


def _next_serial(content: Content, duty: KeyId, kept: Kept) -> int:
    # A serial that was cleared once would be born cleared, so those count as used.
    used = {entry.name for entry in (*kept, *content.suspensions.entries)}
    used |= {(entry.key, entry.serial) for entry in content.members.cleared}
    return 1 + max((serial for key, serial in used if key == duty), default=0)


def _end(role: RoleName, now: datetime) -> datetime:
    return now.replace(microsecond=0) + LIFETIMES[role]
