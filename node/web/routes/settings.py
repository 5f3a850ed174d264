"""Settings: what the program is called, its communities, its staff, how long it keeps what, and tokens."""

from http import HTTPStatus

from fastapi import APIRouter
from starlette.responses import Response

from node.domain.actor import SYSTEM, Action, Role, TokenId, UserId
from node.domain.errors import (
    BlankNameError,
    ChangedMeanwhileError,
    CommunityExistsError,
    LastAdministratorError,
    UserExistsError,
)
from node.domain.program import Tongue
from node.domain.retention import Kept, KeptDaysError
from node.domain.token import Scope, ScopeNeededError, TokenPeriodError
from node.domain.user import UserState
from node.services.users import UserChanges, UserView
from node.web.desk import AtDesk, Desk, OwnDesk
from node.web.forms import FieldError, Typed, TypedHere
from node.web.leads import advice, remedy, worst_first

router = APIRouter(prefix="/settings")
STAFF = tuple(role for role in Role if role is not Role.SYSTEM)


@router.get("", name="settings")
def program(desk: AtDesk) -> Response:
    """What the program is called, and the communities around it; coordinators begin with what they may change."""
    if desk.actor.can(Action.EDIT_RULES) and not desk.actor.can(Action.EDIT_PROGRAM):
        return desk.go("rules")
    return _program(desk, Typed())


@router.post("")
def edit(desk: OwnDesk, typed: TypedHere) -> Response:
    """Call it otherwise."""
    language = typed.one_of("language", Tongue)
    verb = desk.services.people.edit_program
    try:
        verb(desk.actor, typed("name"), typed("region"), language, typed.number("version") or 0)
    except BlankNameError as refusal:
        return _program(desk, typed, *desk.refused("name", refusal))
    except ChangedMeanwhileError:
        return _program(desk, typed, FieldError("name", desk.say("form.changed")))
    desk.request.app.state.program = desk.services.program(SYSTEM)
    return desk.go("settings", done="saved")


@router.post("/communities")
def add_community(desk: OwnDesk, typed: TypedHere) -> Response:
    """A community more, so that people who live there can be taken in."""
    try:
        desk.services.people.add_community(desk.actor, typed("community"))
    except (BlankNameError, CommunityExistsError) as refusal:
        return _program(desk, Typed(), *desk.refused("community", refusal))
    return desk.go("settings", done="saved")


def _program(desk: Desk, typed: Typed, *errors: FieldError) -> Response:
    desk.actor.may(Action.EDIT_PROGRAM)
    return desk.page("settings/program.html", view=desk.services.program(desk.actor), typed=typed, errors=errors)


@router.get("/staff", name="staff")
def staff(desk: AtDesk) -> Response:
    """Everybody who may use this node."""
    return _staff(desk, Typed())


@router.post("/staff")
def add_user(desk: OwnDesk, typed: TypedHere) -> Response:
    """Somebody new; she gets a link with which she chooses her password."""
    if not typed("role"):
        return _staff(desk, typed, FieldError("role", desk.say("staff.role.blank")))
    role = typed.one_of("role", STAFF)
    try:
        user = desk.services.users.add(desk.actor, typed("name"), typed("email"), role)
    except (BlankNameError, UserExistsError) as refusal:
        field = "email" if isinstance(refusal, UserExistsError) or typed("name") else "name"
        return _staff(desk, typed, *desk.refused(field, refusal))
    return _link(desk, user.email)


@router.post("/staff/{user}")
def change_user(desk: OwnDesk, user: UserId, typed: TypedHere) -> Response:
    """Another role, or no access any more."""
    role = typed.one_of("role", STAFF) if typed("role") else None
    state = typed.one_of("state", UserState) if typed("state") else None
    try:
        desk.services.users.change(desk.actor, user, UserChanges(role=role, state=state))
    except LastAdministratorError as refusal:
        return _staff(desk, Typed(), *desk.refused(f"role-{user}", refusal))
    return desk.go("staff", done="saved")


@router.post("/staff/{user}/link")
def give_link(desk: OwnDesk, user: UserId) -> Response:
    """A new link with which she chooses a password; shown once, to be handed over."""
    found = next((one for one in _users(desk) if one.id == user), None)
    return _link(desk, found.email if found else "")


def _link(desk: Desk, email: str) -> Response:
    given = desk.services.entrance.give_link(desk.actor, email)
    own = str(desk.request.base_url).rstrip("/")
    return desk.page("settings/link.html", url=f"{own}/password/{given.token}", until=given.until)


def _users(desk: Desk) -> tuple[UserView, ...]:
    desk.actor.may(Action.EDIT_USERS)
    return desk.services.users.list(desk.actor)


def _staff(desk: Desk, typed: Typed, *errors: FieldError) -> Response:
    return desk.page("settings/staff.html", users=_users(desk), roles=STAFF, typed=typed, errors=errors)


@router.get("/keeping", name="keeping")
def keeping(desk: AtDesk) -> Response:
    """How long what is kept."""
    return _keeping(desk, Typed())


@router.post("/keeping")
def keep(desk: OwnDesk, typed: TypedHere) -> Response:
    """Keep it for so many days from now on."""
    try:
        desk.services.people.choose_how_long(desk.actor, {kind: typed.number(kind) or 0 for kind in Kept})
    except KeptDaysError as refusal:
        return _keeping(desk, typed, *desk.refused(refusal.kind, refusal))
    return desk.go("keeping", done="saved")


def _keeping(desk: Desk, typed: Typed, *errors: FieldError) -> Response:
    desk.actor.may(Action.EDIT_PROGRAM)
    kept = desk.services.people.keep_no_longer(desk.actor, dry_run=True)
    return desk.page("settings/keeping.html", kept=kept, typed=typed, errors=errors)


@router.get("/tokens", name="tokens")
def tokens(desk: AtDesk) -> Response:
    """With which other programs act for staff."""
    return _tokens(desk, Typed())


@router.post("/tokens")
def add_token(desk: OwnDesk, typed: TypedHere) -> Response:
    """A token for oneself; its secret is shown once."""
    scopes = [Scope(scope) for scope in typed.all("scopes") if scope in set(Scope)]
    if typed.no_day("ends_on"):
        return _tokens(desk, typed, FieldError("ends_on", desk.say("form.day")))
    try:
        new = desk.services.users.add_token(desk.actor, desk.actor.id, typed("name"), scopes, typed.day("ends_on"))
    except BlankNameError as refusal:
        return _tokens(desk, typed, *desk.refused("name", refusal))
    except ScopeNeededError:
        return _tokens(desk, typed, FieldError("scopes", desk.say("tokens.scopes.blank")))
    except TokenPeriodError as refusal:
        return _tokens(desk, typed, *desk.refused("ends_on", refusal))
    return desk.page("settings/token.html", new=new)


@router.post("/tokens/{one}/end")
def end_token(desk: OwnDesk, one: TokenId) -> Response:
    """It works no longer."""
    desk.services.users.end_token(desk.actor, one)
    return desk.go("tokens", done="token-ended")


@router.get("/health", name="health")
def health(desk: AtDesk) -> Response:
    """What is well and what is wrong with the node, and when it was backed up."""
    return desk.page(
        "settings/health.html",
        findings=worst_first(desk.services.care.examine(desk.actor)),
        remedy=remedy,
        advice=advice,
        backs_up=desk.actor.can(Action.BACK_UP),
    )


def _tokens(desk: Desk, typed: Typed, *errors: FieldError) -> Response:
    everybodys = desk.actor.can(Action.EDIT_USERS)
    found = desk.services.users.list_tokens(desk.actor, everybodys=everybodys)
    names = {one.id: one.name for one in desk.services.users.list(desk.actor)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
    shown = {"tokens": found, "names": names, "scopes": tuple(Scope), "typed": typed}
    return desk.page("settings/tokens.html", status=status, errors=errors, **shown)
