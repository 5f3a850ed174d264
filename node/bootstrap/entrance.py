"""The verbs of signing in and choosing passwords."""

from node.bootstrap.adapters import Adapters
from node.services.passwords import CheckPasswordLink, GivePasswordLink, SetPassword, UsePasswordLink
from node.services.signin import AdmitAttempt, Recognize, SignIn, SignOut, SignOutEverywhere


class EntranceServices:
    """Everything about getting in and out."""

    def __init__(self, on: Adapters) -> None:
        """Every verb over the same ports."""
        self.admit = AdmitAttempt(on.work, on.clock, on.ids)
        self.sign_in = SignIn(on.work, on.reading, on.clock, on.secrets)
        self.recognize = Recognize(on.work, on.reading, on.clock)
        self.sign_out = SignOut(on.work, on.clock)
        self.sign_out_everywhere = SignOutEverywhere(on.work, on.clock)
        self.set_password = SetPassword(on.work, on.reading, on.clock, on.secrets)
        self.give_link = GivePasswordLink(on.work, on.clock, on.secrets)
        self.check_link = CheckPasswordLink(on.reading, on.clock)
        self.use_link = UsePasswordLink(on.work, on.reading, on.clock, on.secrets)
