"""Writing an act into the audit trail: every verb that changes something does it in its own transaction."""

from datetime import datetime

from node.domain.actor import Actor
from node.domain.audit import Act, AuditEntry
from node.services.ports.work import UnitOfWork


def remember(work: UnitOfWork, actor: Actor, act: Act, subject: str, at: datetime) -> None:
    """Add one act to the trail."""
    work.audit.add(AuditEntry(at=at, actor=actor.id, act=act, subject=subject))
