"""Somebody fills in the form. Nobody is signed in: the link she was given is what stands for her."""

from dataclasses import dataclass, replace
from datetime import timedelta

from node.domain.actor import SYSTEM
from node.domain.audit import Act
from node.domain.intake.application import (
    Application,
    ApplicationGoneError,
    ApplicationId,
    Stage,
    TrapFilledError,
)
from node.domain.intake.question import Ask, Form, Question, UnknownQuestionError
from node.domain.person import Kind
from node.domain.program import Tongue
from node.domain.retention import Kept, Schedule
from node.domain.signin import digest
from node.services.applying.reading import AnswerReader, Fields, Mistake, Setting
from node.services.ports import Clock, Ids, OpenWork, UnitOfWork
from node.services.ports.occupations import Occupations
from node.services.ports.signin import Secrets
from node.services.remember import remember


@dataclass(frozen=True, slots=True, kw_only=True)
class FillingView:
    """Her answers so far, what she is asked, and what still wants an answer."""

    application: Application
    form: Form
    towns: tuple[str, ...]
    questions: tuple[Question, ...]
    missing: tuple[Ask, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """What was kept, and the link that opens it from now on. With `mistakes` nothing was kept."""

    filling: FillingView
    link: str
    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True, slots=True)
class TellTerm:
    """How long answers are kept that were never sent, or were turned down."""

    reading: OpenWork
    schedule: Schedule

    def __call__(self) -> int:
        """So many days; nobody's leave is asked, because everybody who begins is told."""
        with self.reading() as work:
            return _days(work, self.schedule)


@dataclass(frozen=True, slots=True)
class BeginApplication:
    """Somebody begins; nothing is known of her yet."""

    work: OpenWork
    clock: Clock
    ids: Ids
    secrets: Secrets
    schedule: Schedule

    def __call__(self, kind: Kind, source: str, language: Tongue, trap: str) -> str:
        """The token of her link; `trap` is a field that no person sees. Raises: TrapFilledError."""
        if trap:
            raise TrapFilledError
        now, token = self.clock.now(), self.secrets.new_token()
        with self.work() as work:
            application = Application(
                id=ApplicationId(self.ids.new()),
                kind=kind,
                language=language,
                link=digest(token),
                begun_at=now,
                until=now + timedelta(days=_days(work, self.schedule)),
                source=work.intake_forms.count_started(source),
            )
            work.applications.add(application)
        return token


@dataclass(frozen=True, slots=True)
class ShowApplication:
    """What a link opens."""

    reading: OpenWork
    clock: Clock

    def __call__(self, token: str) -> FillingView:
        """Her answers so far. Raises: ApplicationGoneError."""
        with self.reading() as work:
            return _view(work, _opened(work, token, self.clock))


@dataclass(frozen=True, slots=True)
class SaveAnswer:
    """Keep one page. An e-mail address is sent the link; another one later gets a new link, and the old one ends."""

    work: OpenWork
    clock: Clock
    secrets: Secrets
    occupations: Occupations
    zone: str
    mails: bool

    def __call__(self, token: str, ask: Ask, fields: Fields, wording: str = "") -> SavedView:
        """What was kept, or every mistake; `wording` is what a question for consent said.

        Raises: ApplicationGoneError, UnknownQuestionError.
        """
        now = self.clock.now()
        with self.work() as work:
            before = _opened(work, token, self.clock)
            filling = _view(work, before)
            if before.stage is not Stage.FILLING:
                raise ApplicationGoneError
            if ask not in {question.ask for question in filling.questions}:
                raise UnknownQuestionError(question=ask)
            setting = Setting(towns=filling.towns, zone=self.zone, wording=wording, occupations=self.occupations)
            reader = AnswerReader(fields, setting)
            after = before.with_answer(reader.read(ask))
            if reader.mistakes:
                return SavedView(filling=filling, link=token, mistakes=tuple(reader.mistakes))
            link = token
            if self.mails and _address(after) not in {"", _address(before)}:
                # Who was sent the first link by a slip of the pen must not read on.
                link = self.secrets.new_token() if before.mails else token
                after = replace(after, link=digest(link)).mailed(link, now)
            work.applications.replace(after)
            return SavedView(filling=_view(work, after), link=link)


@dataclass(frozen=True, slots=True)
class SendApplication:
    """She is done: her answers go to the coordinators. Again changes nothing."""

    work: OpenWork
    clock: Clock

    def __call__(self, token: str, trap: str) -> FillingView:
        """What was sent. Raises: ApplicationGoneError, AnswersMissingError, TooQuickError, TrapFilledError."""
        if trap:
            raise TrapFilledError
        now = self.clock.now()
        with self.work() as work:
            before = _opened(work, token, self.clock)
            filling = _view(work, before)
            after = before.send(filling.form, len(filling.towns), now)
            if after is not before:
                work.applications.replace(after)
                work.intake_forms.count_finished(after.source)
                remember(work, SYSTEM, Act.APPLICATION_SENT, after.id, now)
            return replace(filling, application=after)


@dataclass(frozen=True, slots=True)
class TakeBackApplication:
    """She changes her mind: everything she answered is destroyed."""

    work: OpenWork
    clock: Clock

    def __call__(self, token: str) -> None:
        """Nothing is left of it. Raises: ApplicationGoneError."""
        with self.work() as work:
            application = _opened(work, token, self.clock)
            work.applications.remove(application.id)
            remember(work, SYSTEM, Act.APPLICATION_TAKEN_BACK, application.id, self.clock.now())


def _days(work: UnitOfWork, schedule: Schedule) -> int:
    return schedule.changed(work.programs.kept()).days[Kept.APPLICATIONS]


def _opened(work: UnitOfWork, token: str, clock: Clock) -> Application:
    found = work.applications.by_link(digest(token))
    if found is None or not found.is_open(clock.now()):
        raise ApplicationGoneError
    return found


def _view(work: UnitOfWork, application: Application) -> FillingView:
    form = work.intake_forms.get(application.kind)
    towns = tuple(place.name for place in work.communities.all())
    return FillingView(
        application=application,
        form=form,
        towns=towns,
        questions=application.questions(form, len(towns)),
        missing=application.missing(form, len(towns)),
    )


def _address(application: Application) -> str:
    return application.answer(Ask.REACH)("email")
