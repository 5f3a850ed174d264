"""Public pages on which somebody asks to take part: one question a page, saved as she goes, opened again by a link.

The link in the address is a capability, not something about her; nothing she types enters an address.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from node.bootstrap import Services
from node.domain.intake.application import AnswersMissingError, Stage, TooQuickError, TrapFilledError
from node.domain.intake.question import Ask
from node.domain.intake.source import LONGEST_CODE
from node.domain.person import Kind, OccupationCode
from node.domain.program import Tongue
from node.domain.retention import BACKUPS_KEPT
from node.domain.signin import TooManyAttemptsError
from node.services.applying.filling import FillingView
from node.services.applying.reading import Mistake
from node.web.asking import Asked, Choices, Reading
from node.web.forms import FieldError, Typed, TypedHere, field_refused, words_of
from node.web.pages import pages_of
from node.web.visit import ServicesOf, begin_visit, cookies_of, form_token, hosted, place_of, stranger_form
from node.words import Words

router = APIRouter(prefix="/join", dependencies=[Depends(hosted)])
walk = APIRouter(prefix="/join/a/{link}", dependencies=[Depends(hosted)])
"""Where her link leads."""
MOST_HITS = 8
_TRAP = "website"
_OWN_FORM = [Depends(stranger_form)]
SourceCode = Annotated[str, Query(alias="from", max_length=LONGEST_CODE, pattern="^[a-z0-9-]*$")]


@dataclass(frozen=True, slots=True)
class _Filling:
    """One page of one form that somebody fills in."""

    request: Request
    services: Services
    link: str
    view: FillingView

    @property
    def say(self) -> Words:
        return words_of(self.request)

    @property
    def asked(self) -> list[Asked]:
        return [Asked(self.say, self.view.application.kind, question) for question in self.view.questions]

    def path(self, step: str) -> str:
        return str(self.request.app.url_path_for("join_step", link=self.link, step=step))

    @property
    def home(self) -> str:
        return str(self.request.url_for("join_resume", link=self.link))

    def after(self, ask: Ask) -> str:
        """The page behind a question: the next one not answered yet, else the list of answers."""
        steps = [question.ask for question in self.view.questions]
        rest = steps[steps.index(ask) + 1 :] if ask in steps else steps
        new = [one for one in rest if not self.view.application.has(one)]
        return self.path(new[0] if new else "check")

    def page(self, template: str, errors: Sequence[FieldError] = (), **context: object) -> Response:
        mail = self.view.application
        shared = {
            "filling": self.view,
            "path_of": self.path,
            "home": self.home,
            "erase": self.path("take-back"),
            "choices": Choices(self.say, self.services.people.counted()),
            "mailed": mail.answer(Ask.REACH)("email") if mail.mails else "",
            "zone": self.services.intake.zone,
            "days": self.services.intake.days(),
            "now": self.services.adapters.clock.now(),
        }
        return _page(self.request, template, errors, {**shared, **context})


def _filling(request: Request, services: ServicesOf, link: str) -> _Filling:
    return _Filling(request, services, link, services.intake.show(link))


FillingHere = Annotated[_Filling, Depends(_filling)]


@router.get("/{kind}", name="join")
def start(request: Request, services: ServicesOf, kind: Kind, source: SourceCode = "") -> Response:
    """What this is about, and what happens next."""
    return _start(request, services, kind, source)


@router.post("/{kind}", dependencies=_OWN_FORM)
def begin(
    request: Request,
    services: ServicesOf,
    kind: Kind,
    typed: TypedHere,
) -> Response:
    """The first question, with a link of its own."""
    source = typed("source")[:LONGEST_CODE]
    language = Tongue.FRENCH if words_of(request).language == Tongue.FRENCH else Tongue.ENGLISH
    try:
        services.participants.admit("join", place_of(request))
        link = services.intake.begin(kind, source, language, typed(_TRAP))
    except TooManyAttemptsError as refusal:
        error = field_refused(request, "begin", refusal)
        return _start(request, services, kind, source, error, status=HTTPStatus.TOO_MANY_REQUESTS)
    except TrapFilledError as refusal:
        return _start(request, services, kind, source, field_refused(request, _TRAP, refusal), trapped=typed(_TRAP))
    return _to(_filling(request, services, link).path(Ask.NAME))


@walk.get("", name="join_resume")
def resume(filling: FillingHere) -> Response:
    """On to where she stopped."""
    if filling.view.application.stage is Stage.SENT:
        return _to(filling.path("sent"))
    open_ones = [one.ask for one in filling.view.questions if not filling.view.application.has(one.ask)]
    return _to(filling.path(open_ones[0] if open_ones else "check"))


@walk.get("/check")
def check(filling: FillingHere) -> Response:
    """Everything she answered."""
    return _check(filling)


@walk.post("/check", dependencies=_OWN_FORM)
def send(request: Request, services: ServicesOf, filling: FillingHere, typed: TypedHere) -> Response:
    """Send it; a second time changes nothing."""
    try:
        services.intake.send(filling.link, typed(_TRAP))
    except AnswersMissingError:
        say = filling.say
        return _check(filling, *(FieldError(ask, say("join.check.missing")) for ask in filling.view.missing))
    except TooQuickError as refusal:
        return _check(filling, field_refused(request, "send", refusal))
    except TrapFilledError as refusal:
        return _check(filling, field_refused(request, _TRAP, refusal), trapped=typed(_TRAP))
    return _to(filling.path("sent"))


@walk.get("/sent")
def sent(filling: FillingHere) -> Response:
    """Who reads it, until when, and how to take it back."""
    if filling.view.application.stage is not Stage.SENT:
        return _to(filling.path("check"))
    say_own, language = filling.services.letters.say_own, filling.say.language
    title, contact = say_own("join.sent.title", language), say_own("join.sent.contact", language)
    return filling.page("join/sent.html", own_title=title, contact=contact)


@walk.post("/take-back", dependencies=_OWN_FORM)
def take_back(services: ServicesOf, filling: FillingHere) -> Response:
    """Destroy everything she answered."""
    services.intake.take_back(filling.link)
    return _page(filling.request, "join/gone.html", (), {"days": BACKUPS_KEPT})


@walk.get("/{step}", name="join_step")
def ask(filling: FillingHere, step: Ask) -> Response:
    """One question."""
    return _question(filling, step)


@walk.post("/{step}", dependencies=_OWN_FORM)
def answer(services: ServicesOf, filling: FillingHere, step: Ask, typed: TypedHere) -> Response:
    """Keep the answer and go on, or show what to mend; `find` only looks for an occupation."""
    if typed("find") and step is Ask.OCCUPATION:
        return _question(filling, step, typed)
    asked = next((one for one in filling.asked if one.ask is step), None)
    saved = services.intake.save(filling.link, step, typed.fields, asked.recorded if asked else "")
    if saved.mistakes:
        return _question(filling, step, typed, saved.mistakes)
    onward = _Filling(filling.request, services, saved.link, saved.filling)
    return _to(onward.path("check") if typed("then") == "check" else onward.after(step))


def _question(filling: _Filling, step: Ask, typed: Typed | None = None, mistakes: Sequence[Mistake] = ()) -> Response:
    if filling.view.application.stage is Stage.SENT:
        return _to(filling.path("sent"))
    steps = [question.ask for question in filling.view.questions]
    if step not in steps:
        return _to(filling.path("check"))
    here, say = steps.index(step), filling.say
    kept = filling.view.application.answer(step)
    value: Callable[[str], str] = typed or kept
    listed: Callable[[str], Sequence[str]] = typed.all if typed else lambda name: kept(name).split("; ")
    return filling.page(
        "join/question.html",
        [FieldError(one.field, say(f"join.wrong.{one.wrong}")) for one in mistakes],
        asked=filling.asked[here],
        here=here + 1,
        all=len(steps),
        back=filling.path(steps[here - 1]) if here else "",
        then="check" if filling.view.application.has(step) and not filling.view.missing else "",
        value=value,
        listed=listed,
        towns=[(town, town) for town in filling.view.towns],
        hits=_hits(filling, value) if step is Ask.OCCUPATION else (),
    )


def _hits(filling: _Filling, value: Callable[[str], str]) -> list[tuple[str, str]]:
    words, chosen = value("words"), value("occupation")
    found = [hit.code for hit in filling.services.occupations(words, MOST_HITS)] if words else []
    if chosen.isdigit() and chosen not in found:
        found = [*(hit.code for hit in filling.services.occupations(chosen, 1)), *found]
    return [(code, title_of(filling.services, filling.say, code)) for code in found[:MOST_HITS]]


def title_of(services: Services, say: Words, code: OccupationCode) -> str:
    """What an occupation is called."""
    english, french = services.occupations.titles(code)
    return french if say.language == Tongue.FRENCH else english


def _check(filling: _Filling, *errors: FieldError, trapped: str = "") -> Response:
    if filling.view.application.stage is Stage.SENT:
        return _to(filling.path("sent"))
    reading = Reading(filling.say, lambda code: title_of(filling.services, filling.say, code))
    lines = [(asked, reading(filling.view.application.answer(asked.ask))) for asked in filling.asked]
    return filling.page("join/check.html", errors, lines=lines, trapped=trapped)


def _start(
    request: Request,
    services: Services,
    kind: Kind,
    source: str,
    *errors: FieldError,
    status: HTTPStatus = HTTPStatus.OK,
    trapped: str = "",
) -> Response:
    lead = services.letters.say_own(f"join.lead.{kind}", words_of(request).language)
    context = {"kind": kind, "source": source, "lead": lead, "trapped": trapped, "days": services.intake.days()}
    return _page(request, "join/start.html", errors, context, status)


def _page(
    request: Request,
    template: str,
    errors: Sequence[FieldError],
    context: Mapping[str, object],
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    secret = begin_visit(request)
    if errors and status is HTTPStatus.OK:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    shared = {"token": form_token(secret), "errors": errors}
    response = pages_of(request).render(request, template, status, {**shared, **context})
    cookies_of(request).give(response, "visit", secret)
    return response


def _to(path: str) -> Response:
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)
