"""Keeping the people of rows that could be read, with the consents those rows tell of."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time

from node.domain.actor import Actor
from node.domain.community import CommunityId
from node.domain.consent import ANY_MEMBER, USUAL_TERM, Grant, GrantId, standard_wording
from node.domain.person import Person, PersonId
from node.domain.traces import fold
from node.services.intake.rows import Entry
from node.services.ports import Ids, UnitOfWork
from node.services.remember import remember_visibility


def known_communities(work: UnitOfWork) -> Mapping[str, tuple[CommunityId, str]]:
    """The program's communities by folded name."""
    return {fold(place.name): (place.id, place.name) for place in work.communities.all()}


def keep(work: UnitOfWork, actor: Actor, ids: Ids, entries: Sequence[Entry], now: datetime) -> tuple[Person, ...]:
    """The new people, in the order of the rows."""
    people = tuple(
        Person(
            id=PersonId(ids.new()),
            kind=entry.kind,
            state=entry.state,
            paused_until=entry.paused_until,
            contact=entry.contact,
            profile=entry.profile,
            added_at=now,
        )
        for entry in entries
    )
    work.people.add(people)
    remember_visibility(work, actor, people, now)
    for person, entry in zip(people, entries, strict=True):
        for consent in entry.consents:
            granted_at = min(datetime.combine(consent.on, time(), UTC), now)
            grant = Grant(
                id=GrantId(ids.new()),
                person=person.id,
                purpose=consent.purpose,
                recipient=ANY_MEMBER,
                wording=standard_wording(consent.purpose),
                given=consent.given,
                granted_at=granted_at,
                expires_at=granted_at + USUAL_TERM,
                recorded_by=actor.id,
            )
            work.consents.add(grant)
    return people
