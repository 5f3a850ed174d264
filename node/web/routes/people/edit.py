"""Adding and changing a person in one form; two coordinators who change one person are told of each other."""

import json
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from node.domain.actor import SYSTEM, Action
from node.domain.errors import ChangedMeanwhileError
from node.domain.person import Kind, PersonId, Wish
from node.services.intake.problems import Problem
from node.services.intake.single import TakenView
from node.web.desk import AtDesk, Desk, OwnDesk
from node.web.forms import AskedHere, FieldError, Typed, TypedHere
from node.web.routes.people.fields import blank, cells_from, merged, rows_of_languages, slots, texts, typed_of
from node.web.routes.people.saying import languages, worded
from protocol.vocabulary import Mode, Topic

router = APIRouter(prefix="/people")
_HITS = 8


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that somebody else changed while she wrote: what stands now, and what she typed."""

    column: str
    now: str
    mine: str


@router.get("/new", name="person_new")
def new(desk: AtDesk, asked: AskedHere) -> Response:
    """The empty form."""
    desk.actor.may(Action.EDIT_PEOPLE)
    return _form(desk, _kind(asked), blank(_kind(asked)))


@router.post("/new")
def add(desk: OwnDesk, typed: TypedHere) -> Response:
    """Take somebody in; while an occupation is looked for, nothing is kept."""
    kind = _kind(typed)
    if typed("find"):
        return _form(desk, kind, typed)
    taken = desk.services.people.add(desk.actor, kind, cells_from(typed, kind))
    if taken.person is None:
        return _form(desk, kind, typed, errors=_errors(desk, taken))
    return desk.go("person", person=taken.person, done="person_added")


@router.get("/{person}/edit", name="person_edit")
def edit(desk: AtDesk, person: PersonId) -> Response:
    """The form as she is written down."""
    desk.actor.may(Action.EDIT_PEOPLE)
    view = desk.services.people.show(desk.actor, person)
    typed = typed_of(view)
    seen = json.dumps(texts(cells_from(typed, view.kind)), ensure_ascii=False)
    return _form(desk, view.kind, Typed((*typed.fields, ("version", str(view.version)), ("seen", seen))), person)


@router.post("/{person}/edit")
def save(desk: OwnDesk, person: PersonId, typed: TypedHere) -> Response:
    """Keep what she changed, unless somebody else was faster."""
    if typed("find"):
        return _form(desk, _kind(typed), typed, person)
    seen = _seen(typed)
    changed = tuple(cell for cell in cells_from(typed, _kind(typed)) if seen.get(cell.column.value) != cell.text)
    try:
        taken = desk.services.people.edit(desk.actor, person, changed, typed.number("version"))
    except ChangedMeanwhileError:
        return _told(desk, person, typed)
    if taken.problems:
        return _form(desk, _kind(typed), typed, person, _errors(desk, taken))
    return desk.go("person", person=person, done="person_saved")


def _told(desk: Desk, person: PersonId, typed: Typed) -> Response:
    """The form again: what she typed, what stands now beside it, and the version to save over."""
    now = desk.services.people.show(desk.actor, person)
    seen, mine = _seen(typed), texts(cells_from(typed, now.kind))
    current = texts(cells_from(typed_of(now), now.kind))
    differences = tuple(
        Difference(
            column,
            worded(desk, column, current[column]),
            worded(desk, column, mine[column]) if mine[column] != seen.get(column) else "",
        )
        for column in current
        if current[column] != seen.get(column)
    )
    both = merged(typed, seen, now, lambda fields: cells_from(fields, now.kind))
    kept = tuple((name, text) for name, text in both.fields if name not in {"version", "seen"})
    hidden = (("version", str(now.version)), ("seen", json.dumps(current, ensure_ascii=False)))
    errors = (FieldError("changed", desk.say("form.changed")),)
    return _form(desk, now.kind, Typed((*kept, *hidden)), person, errors, differences)


def _form(  # noqa: PLR0917 - what the one form of this room shows
    desk: Desk,
    kind: Kind,
    typed: Typed,
    person: PersonId | None = None,
    errors: tuple[FieldError, ...] = (),
    differences: tuple[Difference, ...] = (),
) -> Response:
    say = desk.say
    occupation = _occupation(desk, typed)
    return desk.page(
        "people/form.html",
        kind=kind,
        typed=typed,
        person=person,
        name=typed("name"),
        occupation=occupation,
        hits=_hits(desk, typed),
        communities=[(name, name) for name in desk.services.program(SYSTEM).communities],
        languages=languages(say),
        language_rows=rows_of_languages(typed),
        modes=[(mode.value, say(f"mode.{mode}")) for mode in Mode],
        topics=[(topic.value, say(f"topic.{topic}")) for topic in Topic],
        wishes=[(wish.value, say(f"wish.{wish}")) for wish in Wish],
        slots=slots(),
        errors=errors,
        differences=differences,
    )


def _hits(desk: Desk, typed: Typed) -> list[tuple[str, str]]:
    """Codes and titles that fit the words typed to find an occupation."""
    words = typed("occupation-words")
    found = desk.services.occupations(words, _HITS) if words else ()
    return [(hit.code, hit.title_fr if desk.say.language == "fr" else hit.title_en) for hit in found]


def _occupation(desk: Desk, typed: Typed) -> str:
    """The title of the occupation chosen so far."""
    code = typed("occupation")
    found = desk.services.occupations(code, 1) if code else ()
    return desk.title(found[0].code) if found and found[0].code == code else ""


def _kind(typed: Typed) -> Kind:
    return Kind.MENTOR if typed("kind") == Kind.MENTOR else Kind.MENTEE


def _seen(typed: Typed) -> dict[str, str]:
    """What she saw when she opened the form."""
    try:
        seen = json.loads(typed("seen"))
    except ValueError:
        return {}
    return {str(column): str(text) for column, text in seen.items()} if isinstance(seen, dict) else {}


def _errors(desk: Desk, taken: TakenView) -> tuple[FieldError, ...]:
    return tuple(FieldError(_field(problem), _wording(desk, problem)) for problem in taken.problems)


def _field(problem: Problem) -> str:
    """Where a problem is shown: beside the field it is about."""
    fields = {"languages": "language-1", "occupation": "occupation-words"}
    return fields.get(problem.column, problem.column)


def _wording(desk: Desk, problem: Problem) -> str:
    """What is wrong, in a sentence that begins with the column."""
    say = desk.say
    column, what = say(f"column.{problem.column}"), say(f"import.{problem.code}", row=problem.other_row)
    return say("folk.problem", column=column[:1].upper() + column[1:], what=what)
