"""Writing an act into the audit trail: every verb that changes something does it in its own transaction.

Acts by which something leaves the program, is agreed to or is taken back are witnessed in its ledger as well.
"""

from collections.abc import Iterable
from datetime import datetime

from node.domain.actor import Actor, Participant, Role
from node.domain.audit import Act, AuditEntry
from node.domain.ledger import WITNESSED, LedgerEntry, next_entry
from node.domain.person import Kind, Person, PersonId
from node.domain.visibility import VisibilityChange
from node.services.ports.work import UnitOfWork


def remember(
    work: UnitOfWork, actor: Actor | Participant, act: Act, subject: str, at: datetime, *, content: str = ""
) -> None:
    """Add one act to the trail; `content` is the record that its entry in the ledger vouches for."""
    work.audit.add(AuditEntry(at=at, actor=actor.id, act=act, subject=subject, via=actor.via))
    if act in WITNESSED:
        work.ledger.add([next_entry(work.ledger.last(), at, act, subject, content)])


def remember_read(work: UnitOfWork, actor: Actor, people: Iterable[PersonId], at: datetime) -> None:
    """Add to the trail that these people were shown together: in a list, in suggestions, side by side, on a board.

    The program itself is nobody who reads.
    """
    if actor.role is Role.SYSTEM:
        return
    work.audit.add(
        *(
            AuditEntry(at=at, actor=actor.id, act=Act.PERSON_SHOWN, subject=person, via=actor.via)
            for person in sorted(set(people))
        )
    )


def remember_visibility(work: UnitOfWork, actor: Actor, people: Iterable[Person], at: datetime) -> None:
    """Write down how far mentors chose to be seen from now on: whichever way it changed, the change passes here."""
    changes = [
        VisibilityChange(person=person.id, level=person.profile.visibility, at=at, by=actor.id)
        for person in people
        if person.kind is Kind.MENTOR
    ]
    entries: list[LedgerEntry] = []
    last = work.ledger.last() if changes else None
    for witness in work.visibilities.add(changes):
        last = next_entry(last, at, Act.VISIBILITY_SET, witness, "")
        entries.append(last)
    work.ledger.add(entries)
