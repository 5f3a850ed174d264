"""One's own account: password, second factor, and where one is signed in."""

from typing import Annotated

from fastapi import APIRouter, Form
from markupsafe import Markup
from starlette.responses import Response

from federation.ground.refusal import Refusal
from node.domain.factor import CodeRefusedError, FactorOffError, FactorOnError
from node.domain.signin import (
    SHORTEST_PASSWORD,
    PasswordGuessableError,
    PasswordLengthError,
    TokenDigest,
    TooManyAttemptsError,
    UnknownSessionError,
    WrongPasswordError,
)
from node.services.factors import FactorToConfirm
from node.web.desk import AtDesk, Desk, OwnDesk
from node.web.forms import FieldError, blanks

router = APIRouter(prefix="/account")
_NOT_HERS = (WrongPasswordError, TooManyAttemptsError)


@router.get("", name="account")
def account(desk: AtDesk) -> Response:
    """Who one is here, and every browser one is signed in with."""
    verbs = desk.services.account
    return desk.page(
        "account/account.html",
        user=verbs.show(desk.actor),
        factor=verbs.factor(desk.actor),
        linked=verbs.linked(desk.actor),
        passkeys=len(verbs.passkeys(desk.actor)),
        sessions=verbs.sessions(desk.actor, desk.here.secret),
    )


@router.post("/sessions/end")
def end_session(desk: OwnDesk, session: Annotated[str, Form()] = "") -> Response:
    """End one session; one that has ended by itself is as good."""
    try:
        desk.services.account.end_session(desk.actor, TokenDigest(session))
    except UnknownSessionError:
        return desk.go("account")
    return desk.go("account", done="session-ended")


@router.post("/sessions/end-others")
def end_others(desk: OwnDesk) -> Response:
    """End every session but this one."""
    desk.services.account.end_others(desk.actor, desk.here.secret)
    return desk.go("account", done="others-ended")


@router.get("/password", name="own_password")
def ask_password(desk: AtDesk) -> Response:
    """The form."""
    return desk.page("account/password.html", least=SHORTEST_PASSWORD)


@router.post("/password")
def change_password(
    desk: OwnDesk,
    old: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Another password, if the old one is right."""
    errors = blanks(desk.request, "account.password", old=old)
    if not errors and password != again:
        errors = (FieldError("again", desk.say("password.again.differs")),)
    try:
        if not errors:
            desk.services.account.change_password(desk.actor, desk.here.secret, old, password)
            return desk.go("account", done="password-changed")
    except _NOT_HERS as refusal:
        errors = desk.refused("old", refusal)
    except (PasswordLengthError, PasswordGuessableError) as refusal:
        errors = desk.refused("password", refusal)
    return desk.page("account/password.html", least=SHORTEST_PASSWORD, errors=errors)


@router.get("/second-factor", name="second_factor")
def ask_factor(desk: AtDesk) -> Response:
    """Where the second factor stands, and what can be done with it."""
    return _factor(desk)


@router.post("/second-factor")
def begin_factor(desk: OwnDesk, password: Annotated[str, Form()] = "") -> Response:
    """The picture for the app, if the password is right."""
    try:
        return _factor(desk, begun=desk.services.account.begin_factor(desk.actor, desk.here.secret, password))
    except (*_NOT_HERS, FactorOnError) as refusal:
        return _factor(desk, "password", refusal)


@router.post("/second-factor/confirm")
def confirm_factor(desk: OwnDesk, code: Annotated[str, Form()] = "") -> Response:
    """The second factor counts from now on; the recovery codes are on this page and nowhere else."""
    try:
        return _factor(desk, codes=desk.services.account.confirm_factor(desk.actor, code))
    except CodeRefusedError as refusal:
        return _factor(desk, "code", refusal, begun=desk.services.account.repeat_factor(desk.actor))
    except (FactorOnError, FactorOffError):
        return desk.go("second_factor")


@router.post("/second-factor/change")
def change_factor(
    desk: OwnDesk, password: Annotated[str, Form()] = "", what: Annotated[str, Form()] = "codes"
) -> Response:
    """New recovery codes, or no second factor any more."""
    try:
        if what == "remove":
            desk.services.account.remove_factor(desk.actor, desk.here.secret, password)
            return desk.go("account", done="factor-removed")
        return _factor(desk, codes=desk.services.account.renew_codes(desk.actor, desk.here.secret, password))
    except _NOT_HERS as refusal:
        return _factor(desk, "password", refusal)
    except FactorOffError:
        return desk.go("second_factor")


def _factor(
    desk: Desk,
    field: str = "",
    refusal: Refusal | None = None,
    *,
    begun: FactorToConfirm | None = None,
    codes: tuple[str, ...] = (),
) -> Response:
    errors = desk.refused(field, refusal) if refusal else ()
    factor = desk.services.account.factor(desk.actor)
    picture = Markup(begun.picture) if begun else ""  # noqa: S704 - drawn by ourselves, from a secret of ours
    return desk.page("account/factor.html", factor=factor, begun=begun, picture=picture, codes=codes, errors=errors)
