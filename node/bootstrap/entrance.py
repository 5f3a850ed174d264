"""The verbs of getting in and out: staff by passwords and second factors, participants by links."""

from node.bootstrap.adapters import Adapters
from node.domain.factor import Demand
from node.services.factors import (
    BeginFactor,
    ConfirmFactor,
    ProvePassword,
    RemoveFactor,
    RenewRecoveryCodes,
    RepeatFactor,
    ResetUser,
    ShowFactor,
)
from node.services.linking import BeginLink, LinkAccount, ShowLinked, UnlinkAccounts
from node.services.participants import (
    AdmitStranger,
    AskForLink,
    CheckParticipantLink,
    LinkWriter,
    OpenParticipantSession,
    RecognizeParticipant,
    SendParticipantLink,
    SignOutParticipant,
)
from node.services.passkeys import (
    AddPasskey,
    AskPasskey,
    BeginPasskey,
    ListPasskeys,
    RemovePasskey,
    SignInWithPasskey,
)
from node.services.passwords import ChangePassword, CheckPasswordLink, GivePasswordLink, SetPassword, UsePasswordLink
from node.services.provider import AllowAccount, ComeBackFromProvider, GoToProvider
from node.services.sessions import (
    BeginSession,
    EndOtherSessions,
    EndSession,
    ListSessions,
    Recognize,
    SignOut,
    SignOutEverywhere,
)
from node.services.signin import AdmitAttempt, SignIn, SignInWithCode
from node.services.users import ShowOwnUser


class EntranceServices:
    """Everything about getting in and out."""

    def __init__(self, on: Adapters) -> None:
        """Every verb over the same ports."""
        begin = BeginSession(on.secrets)
        self.admit = AdmitAttempt(on.work, on.clock, on.ids)
        self.sign_in = SignIn(on.work, on.reading, on.clock, on.secrets, begin)
        self.sign_in_with_code = SignInWithCode(on.work, on.clock, on.ids, on.codes, begin)
        self.ask_passkey = AskPasskey(on.work, on.clock, on.authenticators)
        self.sign_in_with_passkey = SignInWithPasskey(on.work, on.clock, on.authenticators, begin)
        self.go_to_provider = GoToProvider(on.work, on.clock, on.secrets, on.provider)
        self.come_back = ComeBackFromProvider(on.work, on.clock, on.provider, begin)
        self.allow_account = AllowAccount(on.work, on.clock)
        self.recognize = Recognize(on.work, on.reading, on.clock, Demand(on.settings.second_factor))
        self.sign_out = SignOut(on.work, on.clock)
        self.sign_out_everywhere = SignOutEverywhere(on.work, on.clock)
        self.set_password = SetPassword(on.work, on.reading, on.clock, on.secrets)
        self.give_link = GivePasswordLink(on.work, on.clock, on.secrets)
        self.check_link = CheckPasswordLink(on.reading, on.clock)
        self.use_link = UsePasswordLink(on.work, on.reading, on.clock, on.secrets)
        self.reset = ResetUser(on.work, on.clock)


class AccountServices:
    """What somebody does with her own account."""

    def __init__(self, on: Adapters) -> None:
        """Every verb over the same ports."""
        prove = ProvePassword(on.work, on.reading, on.clock, on.ids, on.secrets)
        self.show = ShowOwnUser(on.reading)
        self.sessions = ListSessions(on.reading, on.clock)
        self.end_session = EndSession(on.work, on.clock)
        self.end_others = EndOtherSessions(on.work, on.clock)
        self.change_password = ChangePassword(on.work, on.reading, on.clock, on.secrets, prove)
        self.factor = ShowFactor(on.reading)
        self.begin_factor = BeginFactor(on.work, on.clock, on.codes, prove)
        self.repeat_factor = RepeatFactor(on.reading, on.codes)
        self.confirm_factor = ConfirmFactor(on.work, on.clock, on.codes)
        self.renew_codes = RenewRecoveryCodes(on.work, on.clock, on.codes, prove)
        self.passkeys = ListPasskeys(on.reading)
        self.begin_passkey = BeginPasskey(on.work, on.clock, on.authenticators, prove)
        self.add_passkey = AddPasskey(on.work, on.clock, on.authenticators)
        self.remove_passkey = RemovePasskey(on.work, on.clock)
        self.linked = ShowLinked(on.reading, on.provider)
        self.begin_link = BeginLink(on.work, on.clock, on.secrets, on.provider, prove)
        self.link = LinkAccount(on.work, on.clock, on.provider)
        self.unlink = UnlinkAccounts(on.work, on.clock)
        self.remove_factor = RemoveFactor(on.work, on.clock, prove)


class ParticipantServices:
    """How participants get in and out."""

    def __init__(self, on: Adapters) -> None:
        """Every verb over the same ports."""
        write = LinkWriter(on.ids, on.secrets)
        self.admit = AdmitStranger(on.work, on.clock, on.ids)
        self.send_link = SendParticipantLink(on.work, on.clock, write, bool(on.settings.public_url))
        self.ask = AskForLink(on.work, on.clock, write)
        self.check_link = CheckParticipantLink(on.reading, on.clock)
        self.open = OpenParticipantSession(on.work, on.clock, on.secrets)
        self.recognize = RecognizeParticipant(on.reading, on.clock)
        self.sign_out = SignOutParticipant(on.work, on.clock)
