"""Reading people. Leaves bringing them in to `intake`, forgetting them to `erasing`."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.community import CommunityId
from node.domain.language import Spoken
from node.domain.person import Kind, OccupationCode, Person, PersonId, PersonState, Visibility, Wish
from node.services.ports import Clock, OpenWork, PeopleFilter, UnitOfWork
from node.services.ports.occupations import Occupations
from node.services.remember import remember, remember_read
from protocol.vocabulary import Mode, Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """One person as her own program reads her."""

    id: PersonId
    kind: Kind
    state: PersonState
    paused_until: date | None
    name: str
    email: str
    phone: str
    birth_date: date | None
    community: str
    occupation: OccupationCode
    title_en: str
    title_fr: str
    languages: tuple[Spoken, ...]
    mode: Mode
    topics: tuple[Topic, ...]
    availability: str
    slots: tuple[str, ...]
    time_zone: str
    seats: int
    visibility: Visibility
    years_experience: int | None
    arrived_on: date | None
    waiting_since: date | None
    specialisation: str
    wishes: tuple[Wish, ...]
    notes: str
    added_at: datetime
    version: int


def person_view(person: Person, places: dict[CommunityId, str], occupations: Occupations) -> PersonView:
    """The view of a person; `places` names the communities."""
    contact, profile = person.contact, person.profile
    occupation = occupations.get(profile.occupation)
    return PersonView(
        id=person.id,
        kind=person.kind,
        state=person.state,
        paused_until=person.paused_until,
        name=contact.name,
        email=contact.email,
        phone=contact.phone,
        birth_date=contact.birth_date,
        community=places[profile.community],
        occupation=profile.occupation,
        title_en=occupation.title_en,
        title_fr=occupation.title_fr,
        languages=profile.languages,
        mode=profile.mode,
        topics=profile.topics,
        availability=contact.availability,
        slots=profile.slots,
        time_zone=profile.time_zone,
        seats=profile.seats,
        visibility=profile.visibility,
        years_experience=profile.years_experience,
        arrived_on=profile.arrived_on,
        waiting_since=profile.waiting_since,
        specialisation=contact.specialisation,
        wishes=profile.wishes,
        notes=contact.notes,
        added_at=person.added_at,
        version=person.version,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """One person as a list shows her; the rest of her stands on her page."""

    id: PersonId
    kind: Kind
    state: PersonState
    paused_until: date | None
    name: str
    email: str
    phone: str
    community: str
    occupation: OccupationCode
    title_en: str
    title_fr: str
    languages: tuple[Spoken, ...]
    mode: Mode
    seats: int
    visibility: Visibility
    waiting_since: date | None
    added_at: datetime
    version: int


def person_line(person: Person, places: dict[CommunityId, str], occupations: Occupations) -> PersonLine:
    """The line of a person; `places` names the communities."""
    view = person_view(person, places, occupations)
    return PersonLine(**{field.name: getattr(view, field.name) for field in fields(PersonLine)})


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage:
    """Some of the people who fit a filter, how many fit it in all, and after whom the next page begins."""

    people: tuple[PersonLine, ...]
    total: int
    next_after: PersonId | None


def places(work: UnitOfWork) -> dict[CommunityId, str]:
    """The names of the communities by id."""
    return {community.id: community.name for community in work.communities.all()}


@dataclass(frozen=True, slots=True)
class ListPeople:
    """The people who fit a filter, page by page, for every list there is: pages, API and command line.

    A filter with a `limit` gives so many people and `next_after`, the person behind whom the next page begins: ask
    again with `replace(wanted, after=page.next_after)`, until it is None. Pages hang on ids, so somebody added or
    erased meanwhile moves nobody to another page. However many people there are, it takes three queries, and one
    statement that remembers whom the page showed. Nothing that writes waits while people are looked for.
    """

    reading: OpenWork
    work: OpenWork
    clock: Clock
    occupations: Occupations

    def __call__(self, actor: Actor, wanted: PeopleFilter) -> PeoplePage:
        """People in the order they were added; everybody on one page where there is no limit."""
        actor.may(Action.READ_PEOPLE)
        one_more = replace(wanted, limit=None if wanted.limit is None else wanted.limit + 1)
        with self.reading() as work:
            named = places(work)
            found = work.people.find(one_more)
            shown = found[: wanted.limit]
            page = PeoplePage(
                people=tuple(person_line(person, named, self.occupations) for person in shown),
                total=work.people.count(wanted),
                next_after=shown[-1].id if len(found) > len(shown) else None,
            )
        with self.work() as work:
            remember_read(work, actor, (line.id for line in page.people), self.clock.now())
        return page


@dataclass(frozen=True, slots=True)
class ShowPerson:
    """Everything the program holds on one person, remembered in the audit trail."""

    work: OpenWork
    clock: Clock
    occupations: Occupations

    def __call__(self, actor: Actor, person: PersonId) -> PersonView:
        """The person. Raises: UnknownPersonError."""
        actor.may(Action.READ_PEOPLE)
        with self.work() as work:
            view = person_view(work.people.get(person), places(work), self.occupations)
            remember(work, actor, Act.PERSON_SHOWN, person, self.clock.now())
        return view
