"""What somebody answers who wants to take part: page by page, resumable by a link, sent once, decided by a person.

The link is a capability of 256 random bits; its digest alone is kept. Leaves which answer can be read to services.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType, Self

from node.domain.errors import DomainError
from node.domain.intake.question import CONSENTS, NEEDED, Ask, Form, Question
from node.domain.letter import Errand
from node.domain.person import Kind, Visibility
from node.domain.program import Tongue
from node.domain.signin import TokenDigest

ApplicationId = NewType("ApplicationId", str)

QUICKEST = timedelta(seconds=10)
"""Nobody reads and answers a whole form in less."""
_QUICKEST_PAGE = timedelta(seconds=1)
"""Nobody answers one page in less: a form of few questions is done sooner than in `QUICKEST`."""
MOST_MAILS = 3
"""So often a link is sent at most: each change of an address sends it anew."""
MOST_ATTEMPTS = 6
LONGEST_REASON = 200
YES, NO = "yes", "no"


class ApplicationGoneError(DomainError):
    """The link has run out, or the program has answered already."""

    code = "application-gone"


class UnknownApplicationError(DomainError):
    """Nobody's answers have this id any more."""

    code = "unknown-application"


class AnswersMissingError(DomainError):
    """Something is still to be answered before this can be sent."""

    code = "answers-missing"


class TrapFilledError(DomainError):
    """A field that no person sees was filled in."""

    code = "trap-filled"


class TooQuickError(DomainError):
    """The whole form was answered faster than anybody reads."""

    code = "too-quick"


class ReasonNeededError(DomainError):
    """Somebody is turned down for a reason, in a few words."""

    code = "reason-needed"


class Stage(StrEnum):
    """Where it is; one that was taken in is a person and no longer here."""

    FILLING = "filling"
    SENT = "sent"
    TURNED_DOWN = "turned_down"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered on one page, as texts by name."""

    ask: Ask
    fields: tuple[tuple[str, str], ...]

    def __call__(self, name: str) -> str:
        """The text under a name; blank where there is none."""
        return next((text for field, text in self.fields if field == name), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A letter that waits to be sent; `token` is the link it brings, until it left."""

    errand: Errand
    due_at: datetime
    token: str = ""
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One person's answers so far. `source` is the code of where she heard of the program, or blank."""

    id: ApplicationId
    kind: Kind
    language: Tongue
    link: TokenDigest
    begun_at: datetime
    until: datetime
    source: str = ""
    stage: Stage = Stage.FILLING
    answers: tuple[Answer, ...] = ()
    sent_at: datetime | None = None
    decided_at: datetime | None = None
    reason: str = ""
    mail: Mail | None = None
    mails: int = 0
    version: int = 1

    def is_open(self, at: datetime) -> bool:
        """Whether its link still opens it: while she fills it in, until it runs out; then until it is decided."""
        return self.stage is Stage.SENT or (self.stage is Stage.FILLING and at < self.until)

    def answer(self, ask: Ask) -> Answer:
        """What was answered to a question; blank where nothing was."""
        return next((answer for answer in self.answers if answer.ask is ask), Answer(ask, ()))

    def has(self, ask: Ask) -> bool:
        """Whether a question was answered, be it with nothing."""
        return any(answer.ask is ask for answer in self.answers)

    def with_answer(self, new: Answer) -> Self:
        """With one answer more, or another one."""
        return replace(self, answers=(*(one for one in self.answers if one.ask is not new.ask), new))

    def questions(self, form: Form, towns: int) -> tuple[Question, ...]:
        """What she is asked: what depends on another answer only where it does, and no choice of one."""
        return tuple(one for one in form.asked if self._concerns(one.ask, towns))

    def _concerns(self, ask: Ask, towns: int) -> bool:
        seen = self.answer(Ask.VISIBILITY)("visibility")
        match ask:
            case Ask.COMMUNITY:
                return towns > 1
            case Ask.STANDING:
                return seen in {str(Visibility.MAY_OFFER.value), str(Visibility.LISTED.value)}
            case Ask.LISTING:
                return seen == str(Visibility.LISTED.value)
            case _:
                return True

    def missing(self, form: Form, towns: int) -> tuple[Ask, ...]:
        """What still wants an answer."""
        needed = NEEDED | {Ask.COMMUNITY}
        return tuple(one.ask for one in self.questions(form, towns) if one.ask in needed and not self.has(one.ask))

    def send(self, form: Form, towns: int, at: datetime) -> Self:
        """Sent; a second time changes nothing. Raises: AnswersMissingError, TooQuickError."""
        if self.stage is Stage.SENT:
            return self
        if self.missing(form, towns):
            raise AnswersMissingError
        # A clock that was set back in between tells nothing.
        if timedelta(0) <= at - self.begun_at < min(QUICKEST, _QUICKEST_PAGE * len(self.answers)):
            raise TooQuickError
        return replace(self, stage=Stage.SENT, sent_at=at)

    def mailed(self, token: str, at: datetime) -> Self:
        """With a letter that brings the link; after so many letters none is written any more."""
        if self.mails >= MOST_MAILS:
            return self
        return replace(self, mail=Mail(errand=Errand.RESUME, due_at=at, token=token), mails=self.mails + 1)

    def turn_down(self, reason: str, at: datetime, *, write: bool) -> Self:
        """Turned down, with a letter or without. Raises: ReasonNeededError, UnknownApplicationError."""
        if self.stage is not Stage.SENT:
            raise UnknownApplicationError(application=self.id)
        if not reason.strip() or len(reason) > LONGEST_REASON:
            raise ReasonNeededError(most=LONGEST_REASON)
        mail = Mail(errand=Errand.TURNED_DOWN, due_at=at) if write else None
        return replace(self, stage=Stage.TURNED_DOWN, decided_at=at, reason=reason.strip(), mail=mail)

    def try_again(self, at: datetime) -> Self:
        """Its letter is tried once more at a moment, unless it was tried in vain too often."""
        if self.mail is None or self.mail.attempts >= MOST_ATTEMPTS:
            return replace(self, mail=None)
        return replace(self, mail=replace(self.mail, due_at=at, attempts=self.mail.attempts + 1))

    @property
    def consents(self) -> tuple[tuple[Ask, str], ...]:
        """What she said yes to, each with the words she read."""
        return tuple((one.ask, one("wording")) for one in self.answers if one.ask in CONSENTS and one("said") == YES)
