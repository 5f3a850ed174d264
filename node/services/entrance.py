"""The verbs of signing in and choosing passwords, assembled from ports once."""

from dataclasses import dataclass

from node.services.passwords import CheckPasswordLink, GivePasswordLink, SetPassword, UsePasswordLink
from node.services.ports import Clock, Ids, OpenWork
from node.services.ports.signin import Secrets
from node.services.signin import AdmitAttempt, Recognize, SignIn, SignOut, SignOutEverywhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """Everything about getting in and out."""

    admit: AdmitAttempt
    sign_in: SignIn
    recognize: Recognize
    sign_out: SignOut
    sign_out_everywhere: SignOutEverywhere
    set_password: SetPassword
    give_link: GivePasswordLink
    check_link: CheckPasswordLink
    use_link: UsePasswordLink


def assemble(work: OpenWork, reading: OpenWork, clock: Clock, ids: Ids, secrets: Secrets) -> Entrance:
    """Every verb over the same ports."""
    return Entrance(
        admit=AdmitAttempt(work, clock, ids),
        sign_in=SignIn(work, reading, clock, secrets),
        recognize=Recognize(work, reading, clock),
        sign_out=SignOut(work, clock),
        sign_out_everywhere=SignOutEverywhere(work, clock),
        set_password=SetPassword(work, reading, clock, secrets),
        give_link=GivePasswordLink(work, clock, secrets),
        check_link=CheckPasswordLink(reading, clock),
        use_link=UsePasswordLink(work, reading, clock, secrets),
    )
