"""A coordinator reads what people answered, and takes them in or turns them down. What became a person is kept once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.consent import ANY_MEMBER, USUAL_TERM, Given, Grant, GrantId
from node.domain.intake.application import Application, ApplicationId, Stage, UnknownApplicationError
from node.domain.intake.question import CONSENTS, OWN, Ask, Form
from node.domain.person import Kind, PersonId
from node.domain.traces import email_trace, phone_trace
from node.services.intake.columns import Cell, Column
from node.services.intake.single import AddPerson, TakenView
from node.services.ports import Clock, Ids, OpenWork, PeopleFilter, UnitOfWork
from node.services.remember import remember

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalLine:
    """One line of the list of people who wrote to the program."""

    id: ApplicationId
    kind: Kind
    stage: Stage
    name: str
    source: str
    sent_at: datetime
    decided_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookalike:
    """Somebody who is here already with the same e-mail address or phone number; no `person` means: wrote as well."""

    name: str
    kind: Kind
    person: PersonId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalView:
    """What somebody answered, in the order she was asked, and who she may be already."""

    application: Application
    form: Form
    source: str
    lookalikes: tuple[Lookalike, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalsPage:
    """Some of the people who wrote to the program, and behind whom the next page begins."""

    lines: tuple[ArrivalLine, ...]
    next_after: ApplicationId | None


@dataclass(frozen=True, slots=True)
class ListArrivals:
    """People who wrote to the program, page by page in the same few statements."""

    reading: OpenWork

    def __call__(self, actor: Actor, stage: Stage = Stage.SENT, after: ApplicationId | None = None) -> ArrivalsPage:
        """Who waits for an answer, oldest first; or who was turned down, the last one first."""
        actor.may(Action.READ_PEOPLE)
        if stage is Stage.FILLING:  # nobody reads what was not sent
            return ArrivalsPage(lines=(), next_after=None)
        with self.reading() as work:
            named = {source.code: source.name for source in work.intake_forms.sources()}
            found = work.applications.page(stage, PAGE + 1, after)
        shown = found[:PAGE]
        return ArrivalsPage(
            lines=tuple(_line(one, named.get(one.source, "")) for one in shown),
            next_after=shown[-1].id if len(found) > PAGE else None,
        )


@dataclass(frozen=True, slots=True)
class ShowArrival:
    """Everything one person answered, remembered in the audit trail."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, application: ApplicationId) -> ArrivalView:
        """Her answers. Raises: UnknownApplicationError."""
        actor.may(Action.READ_PEOPLE)
        with self.work() as work:
            found = _sent(work, application)
            named = {source.code: source.name for source in work.intake_forms.sources()}
            remember(work, actor, Act.APPLICATION_SHOWN, application, self.clock.now())
            return ArrivalView(
                application=found,
                form=work.intake_forms.get(found.kind),
                source=named.get(found.source, ""),
                lookalikes=(*_here(work, found), *_beside(work, found)),
            )


@dataclass(frozen=True, slots=True)
class TakeIn:
    """Make a person of her answers, with every yes she gave in the words she read; the answers themselves go."""

    work: OpenWork
    clock: Clock
    ids: Ids
    add: AddPerson

    def __call__(self, actor: Actor, application: ApplicationId, occupation: str = "") -> TakenView:
        """Her id, or what has to be mended first; `occupation` is a code where she described hers in words.

        Raises: UnknownApplicationError.
        """
        actor.may(Action.EDIT_PEOPLE)
        actor.may(Action.RECORD_CONSENT)
        now = self.clock.now()
        with self.work() as work:
            found = _waiting(work, application)
            form = work.intake_forms.get(found.kind)
            taken = self.add.within(work, actor, found.kind, tuple(_cells(found, form, occupation)), now)
            if taken.person is None:
                return taken
            for ask, wording in found.consents:
                self._agree(work, actor, taken.person, ask, wording, found.sent_at or now)
            work.applications.remove(application)
            remember(work, actor, Act.APPLICATION_TAKEN_IN, taken.person, now)
        return taken

    def _agree(  # noqa: PLR0917 - a yes has so many sides
        self, work: UnitOfWork, actor: Actor, person: PersonId, ask: Ask, wording: str, at: datetime
    ) -> None:
        grant = Grant(
            id=GrantId(self.ids.new()),
            person=person,
            purpose=CONSENTS[ask],
            recipient=ANY_MEMBER,
            wording=wording,
            given=Given.WEB,
            granted_at=at,
            expires_at=at + USUAL_TERM,
            recorded_by=actor.id,
        )
        work.consents.add(grant)
        remember(work, actor, Act.CONSENT_ADDED, grant.id, self.clock.now())


@dataclass(frozen=True, slots=True)
class TurnDown:
    """Say no, for a reason in a few words; a letter goes out where letters leave by themselves."""

    work: OpenWork
    clock: Clock
    mails: bool

    def __call__(self, actor: Actor, application: ApplicationId, reason: str, *, write: bool) -> None:
        """The answers stay for the days of retention, in case she asks.

        Raises: UnknownApplicationError, ReasonNeededError.
        """
        actor.may(Action.EDIT_PEOPLE)
        now = self.clock.now()
        with self.work() as work:
            found = work.applications.get(application)
            reachable = self.mails and bool(found.answer(Ask.REACH)("email"))
            work.applications.replace(found.turn_down(reason, now, write=write and reachable))
            remember(work, actor, Act.APPLICATION_TURNED_DOWN, application, now)


@dataclass(frozen=True, slots=True)
class EraseApplication:
    """Destroy what somebody answered, because she asks for it."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, application: ApplicationId) -> None:
        """Nothing is left of it. Raises: UnknownApplicationError."""
        actor.may(Action.ERASE_PEOPLE)
        with self.work() as work:
            work.applications.remove(_sent(work, application).id)
            remember(work, actor, Act.APPLICATION_ERASED, application, self.clock.now())


def _sent(work: UnitOfWork, application: ApplicationId) -> Application:
    found = work.applications.get(application)
    if found.stage is Stage.FILLING:  # nobody reads what was not sent
        raise UnknownApplicationError(application=application)
    return found


def _waiting(work: UnitOfWork, application: ApplicationId) -> Application:
    found = work.applications.get(application)
    if found.stage is not Stage.SENT:
        raise UnknownApplicationError(application=application)
    return found


def _line(application: Application, source: str) -> ArrivalLine:
    return ArrivalLine(
        id=application.id,
        kind=application.kind,
        stage=application.stage,
        name=application.answer(Ask.NAME)("name"),
        source=source,
        sent_at=application.sent_at or application.begun_at,
        decided_at=application.decided_at,
        reason=application.reason,
    )


def _here(work: UnitOfWork, application: Application) -> Iterator[Lookalike]:
    reach, seen = application.answer(Ask.REACH), set[PersonId]()
    for text in (reach("email"), reach("phone")):
        for person in work.people.find(PeopleFilter(text=text, limit=5)) if text else ():
            if person.id not in seen:
                seen.add(person.id)
                yield Lookalike(name=person.contact.name, kind=person.kind, person=person.id)


def _beside(work: UnitOfWork, application: Application) -> Iterator[Lookalike]:
    hers = _traces(application)
    for other in work.applications.at(Stage.SENT):
        if other.id != application.id and hers & _traces(other):
            yield Lookalike(name=other.answer(Ask.NAME)("name"), kind=other.kind)


def _traces(application: Application) -> frozenset[str]:
    reach = application.answer(Ask.REACH)
    found = (
        email_trace(reach("email")) if reach("email") else "",
        phone_trace(reach("phone")) if reach("phone") else "",
    )
    return frozenset(trace for trace in found if trace)


_CELLS = {
    Column.NAME: (Ask.NAME, "name"),
    Column.EMAIL: (Ask.REACH, "email"),
    Column.PHONE: (Ask.REACH, "phone"),
    Column.COMMUNITY: (Ask.COMMUNITY, "community"),
    Column.OCCUPATION: (Ask.OCCUPATION, "occupation"),
    Column.SPECIALISATION: (Ask.SPECIALISATION, "specialisation"),
    Column.LANGUAGES: (Ask.LANGUAGES, "languages"),
    Column.TOPICS: (Ask.TOPICS, "topics"),
    Column.MODE: (Ask.MODE, "mode"),
    Column.SLOTS: (Ask.AVAILABILITY, "slots"),
    Column.TIME_ZONE: (Ask.AVAILABILITY, "zone"),
    Column.AVAILABILITY: (Ask.AVAILABILITY, "availability"),
    Column.WISHES: (Ask.WISHES, "wishes"),
    Column.YEARS_EXPERIENCE: (Ask.EXPERIENCE, "years"),
    Column.SEATS: (Ask.SEATS, "seats"),
    Column.VISIBILITY: (Ask.VISIBILITY, "visibility"),
}


def _cells(application: Application, form: Form, occupation: str) -> Iterator[Cell]:
    """Her answers in the columns in which people are brought in."""
    for column, (ask, name) in _CELLS.items():
        text = application.answer(ask)(name)
        yield Cell(column, (occupation or text) if column is Column.OCCUPATION else text)
    if application.kind is Kind.MENTEE and application.sent_at is not None:
        yield Cell(Column.WAITING_SINCE, application.sent_at.date().isoformat())
    own = (
        f"{form.question(ask).title(application.language)}: {application.answer(ask)('words')}"
        for ask in OWN
        if application.answer(ask)("words")
    )
    words = application.answer(Ask.OCCUPATION)
    described = (words("words"),) if words("words") and not words("occupation") else ()
    yield Cell(Column.NOTES, "\n".join((*described, *own, application.answer(Ask.NOTES)("words"))).strip())
