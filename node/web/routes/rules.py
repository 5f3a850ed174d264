"""The program's rules of matching as a form: seen, tried with their effect shown, kept; and as a file for who wants it.

What was tried is kept as it was tried: the page of the effect carries the very text.
"""

from dataclasses import fields
from typing import Annotated

from fastapi import APIRouter, File, UploadFile
from starlette.responses import Response

from node.domain.errors import ChangedMeanwhileError
from node.domain.matching.rules import (
    Drafting,
    Limits,
    NothingWeighsError,
    RuleOutOfRangeError,
    Rules,
    UnreadableRulesError,
    Weights,
)
from node.services.ruling import EffectView
from node.web.desk import AtDesk, Desk, OwnDesk
from node.web.downloads import attachment
from node.web.forms import FieldError, Typed, TypedHere

router = APIRouter(prefix="/settings/rules")
_ASKED = 100
"""So many mentees are asked while somebody waits for the page; the command line asks more."""
_ON = "yes"
_FILE = "matching.toml"
_SECTIONS = (("weights", Weights), ("limits", Limits), ("drafts", Drafting))


@router.get("", name="rules")
def rules(desk: AtDesk) -> Response:
    """The rules in force."""
    view = desk.services.matching.show_rules(desk.actor)
    return _form(desk, _values(view.rules), view.version)


def _form(
    desk: Desk,
    values: dict[str, str],
    version: str,
    effect: EffectView | None = None,
    errors: tuple[FieldError, ...] = (),
) -> Response:
    sections = tuple((name, tuple(rule.name for rule in fields(kind))) for name, kind in _SECTIONS)
    return desk.page("rules/form.html", values=values, sections=sections, version=version, effect=effect, errors=errors)


def _values(found: Rules) -> dict[str, str]:
    """Each rule as the form shows it; a switch that is on says `yes`."""
    shown = {}
    for name, section in (("weights", found.weights), ("limits", found.limits), ("drafts", found.drafts)):
        for rule in fields(section):
            value = getattr(section, rule.name)
            shown[f"{name}.{rule.name}"] = (_ON if value else "") if isinstance(value, bool) else str(value)
    return shown


@router.post("/try", name="try_rules")
def try_rules(desk: OwnDesk, typed: TypedHere) -> Response:
    """What the rules of the form would change; nothing is kept."""
    values = {f"{name}.{rule.name}": typed(f"{name}.{rule.name}") for name, kind in _SECTIONS for rule in fields(kind)}
    blank = tuple(
        FieldError(field, desk.say("rules.number"))
        for field in values
        if not _is_switch(field) and typed.number(field) is None
    )
    if blank:
        return _form(desk, values, typed("version"), errors=blank)
    try:
        wanted = _read(typed)
    except RuleOutOfRangeError as refusal:
        params = refusal.params
        said = desk.say("rules.between", least=params["least"], most=params["most"])
        return _form(desk, values, typed("version"), errors=(FieldError(str(params["rule"]), said),))
    except NothingWeighsError:
        errors = (FieldError("weights.occupation", desk.say("rules.nothing")),)
        return _form(desk, values, typed("version"), errors=errors)
    return _tried(desk, wanted, typed("version"))


def _tried(desk: Desk, wanted: Rules | str, version: str) -> Response:
    effect = desk.services.matching.try_rules(desk.actor, wanted, _ASKED)
    return _form(desk, _values(effect.rules), version, effect)


def _is_switch(field: str) -> bool:
    section, _, rule = field.partition(".")
    return isinstance(getattr(dict(_SECTIONS)[section](), rule), bool)


def _read(typed: Typed) -> Rules:
    """The rules of the form. Raises: RuleOutOfRangeError, NothingWeighsError."""

    def number(field: str) -> int:
        return typed.number(field) or 0

    return Rules(
        weights=Weights(**{rule.name: number(f"weights.{rule.name}") for rule in fields(Weights)}),
        limits=Limits(
            language_level=number("limits.language_level"),
            in_person_km=number("limits.in_person_km"),
            same_pair_again=typed("limits.same_pair_again") == _ON,
            eligible_level=number("limits.eligible_level"),
            eligible_years=number("limits.eligible_years"),
        ),
        drafts=Drafting(
            similar_percent=number("drafts.similar_percent"),
            second_person=typed("drafts.second_person") == _ON,
            local_seats_percent=number("drafts.local_seats_percent"),
        ),
    )


@router.post("", name="keep_rules")
def keep(desk: OwnDesk, typed: TypedHere) -> Response:
    """The rules that were tried are in force from now on."""
    try:
        desk.services.matching.save_rules(desk.actor, typed("text"), typed("version"))
    except ChangedMeanwhileError as refusal:
        effect = desk.services.matching.try_rules(desk.actor, typed("text"), _ASKED)
        now = desk.services.matching.show_rules(desk.actor).version
        return _form(desk, _values(effect.rules), now, effect, desk.refused("effect", refusal))
    return desk.go("rules", done="rules_kept")


@router.get("/file", name="rules_file")
def file(desk: AtDesk) -> Response:
    """The rules in force as a file."""
    text = desk.services.matching.show_rules(desk.actor).text
    return attachment(text.encode(), _FILE, "application/toml; charset=utf-8")


@router.post("/file", name="upload_rules")
def upload(desk: OwnDesk, typed: TypedHere, rules: Annotated[UploadFile | None, File()] = None) -> Response:
    """What the rules of a file would change; nothing is kept."""
    version = typed("version")
    try:
        return _tried(desk, _text(rules), version)
    except (UnreadableRulesError, RuleOutOfRangeError, NothingWeighsError) as refusal:
        view = desk.services.matching.show_rules(desk.actor)
        return _form(desk, _values(view.rules), version, errors=desk.refused("rules", refusal))


def _text(file: UploadFile | None) -> str:
    """The text of a file. Raises: UnreadableRulesError."""
    if file is None or not file.filename:
        raise UnreadableRulesError(rule=_FILE)
    try:
        return file.file.read().decode()
    except UnicodeDecodeError as error:
        raise UnreadableRulesError(rule=_FILE) from error
