"""Letting a program in: the code, the check of its request, the words on the phone, the challenge, the proposal."""

import hmac
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from federation.governance.domain import changes
from federation.governance.domain.acts import Verb
from federation.governance.domain.content import Content, Published
from federation.governance.domain.join_errors import (
    ChallengeUnansweredError,
    JoinDecidedError,
    OtherMemberError,
    WordsDifferError,
)
from federation.governance.domain.proposal import JoinEvidence, ProposalKind
from federation.governance.services.examine import words_of
from federation.governance.services.ports import (
    Exchange,
    IssuedCode,
    JoinProgress,
    JoinState,
    Pause,
    Reader,
    StewardFolder,
)
from federation.governance.services.propose import Propose, Step
from federation.governance.services.views import JoinCodeView, ProposalView, SixWords
from federation.ground.clock import Clock
from protocol.documents import from_moment, to_moment
from protocol.ids import UUID_ENTROPY, Digest, JoinId, NodeId, uuid7
from protocol.joining import (
    CODE_LIFETIME,
    SECRET_BYTES,
    JoinCode,
    JoinError,
    JoinRequest,
    check_mac,
    make_challenge,
    sign_code,
    sign_refusal,
    verify_answer,
    verify_request,
)
from protocol.keys import VerifyingKey
from protocol.parsing import b64u, unb64u
from protocol.roster import Member, Quotas, Standing
from protocol.statements import VerifiedStatement

_POLL_SECONDS = 1.0

# Shown the words of the request, returns what the steward heard on the phone.
Hear = Callable[[SixWords], str]


@dataclass(frozen=True, slots=True)
class IssueJoinCode:
    """Make a join code for one program; its secret stays sealed in this steward's folder."""

    reader: Reader
    clock: Clock

    def __call__(self, steward: StewardFolder, program: str, lifetime: timedelta = CODE_LIFETIME) -> JoinCodeView:
        """Raises: the errors of the reader and of the key file."""
        published = self.reader.read()
        now = self.clock.now()
        code = JoinCode(
            jti=uuid7(now, secrets.token_bytes(UUID_ENTROPY)),
            exchange=published.exchange,
            root_version=published.content.versions.root,
            root_sha256=published.root_digest,
            secret=b64u(secrets.token_bytes(SECRET_BYTES)),
            iat=to_moment(now),
            exp=to_moment(now + min(lifetime, CODE_LIFETIME)),
        )
        steward.keep_issued(
            IssuedCode(
                join=code.jti,
                program=program,
                secret=code.secret,
                root_version=code.root_version,
                root_sha256=code.root_sha256,
                expires=code.exp,
            )
        )
        steward.record(Verb.ISSUED_CODE, program, code.jti)
        token = sign_code(code, steward.admissions_key()).decode()
        return JoinCodeView(code=token, join=JoinId(code.jti), program=program, expires=from_moment(code.exp))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A request whose signatures, MAC and words held."""

    request: JoinRequest
    statement: VerifiedStatement
    identity: VerifyingKey
    issued: IssuedCode
    progress: JoinProgress


@dataclass(frozen=True, slots=True)
class Admit:
    """Check a program that used its code, and propose it as a member, or as one with a new identity."""

    exchange: Exchange
    propose: Propose
    clock: Clock
    pause: Pause

    def __call__(
        self,
        steward: StewardFolder,
        join: JoinId,
        hear: Hear,
        *,
        wait: timedelta,
        mentees: int = 0,
        rehearse: bool = False,
    ) -> ProposalView:
        """`mentees`: for how many that wait the stewards vouch; `rehearse` believes that a challenge would be answered.

        Raises: JoinUnknownError, JoinAbsentError, JoinDecidedError, WordsDifferError, ChallengeUnansweredError,
        AlreadyMemberError, and the errors of `protocol.joining`.
        """
        asked = self._asked(steward, join, hear)
        if not rehearse:
            self._prove(steward, asked, wait)

        def step(published: Published, _: object) -> Content:
            now = self.clock.now()
            return changes.admit(published.content, self._member(asked.request, published, mentees), now)

        return self._write(steward, ProposalKind.ADMIT, step, asked)

    def rekey(
        self,
        steward: StewardFolder,
        node: NodeId,
        join: JoinId,
        hear: Hear,
        *,
        wait: timedelta,
        rehearse: bool = False,
    ) -> ProposalView:
        """A member whose machine was stolen joins with a new identity; only higher key versions count from then on.

        Raises: OtherMemberError, KeyVersionError, NotMemberError, and as above.
        """
        asked = self._asked(steward, join, hear)
        if asked.request.node != node:
            raise OtherMemberError(node=node)

        def step(published: Published, _: object) -> Content:
            return changes.rekey(
                published.content, node, asked.request.identity, asked.statement.version, self.clock.now()
            )

        # Refuse before the program is asked for anything.
        step(self.propose.reader.read(), None)
        if not rehearse:
            self._prove(steward, asked, wait)
        return self._write(steward, ProposalKind.REKEY, step, asked)

    def _asked(self, steward: StewardFolder, join: JoinId, hear: Hear) -> _Asked:
        issued = steward.issued(join)
        progress = self.exchange.join(join)
        if progress.state in {JoinState.ADMITTED, JoinState.REFUSED}:
            raise JoinDecidedError(join=join, state=progress.state.value)
        request, statement = verify_request(progress.request, self.clock.now())
        if request.jti != join or request.iat > issued.expires:
            raise JoinError(field="jti")
        check_mac(request, statement, issued.secret)
        identity = VerifyingKey.from_jwk(request.identity)
        words = words_of(Digest(issued.root_sha256), identity)
        if not _same_words(hear(words), words):
            raise WordsDifferError(join=join)
        return _Asked(request=request, statement=statement, identity=identity, issued=issued, progress=progress)

    def _prove(self, steward: StewardFolder, asked: _Asked, wait: timedelta) -> None:
        """Let the program open a challenge: it holds the sealing key that it stated, now and not only once."""
        join = JoinId(asked.issued.join)
        opened = self._challenged(steward, asked, join)
        deadline = self.clock.now() + wait
        progress = asked.progress if asked.issued.opened is not None else self.exchange.join(join)
        while progress.answer is None:
            if self.clock.now() >= deadline:
                raise ChallengeUnansweredError(join=join)
            self.pause(_POLL_SECONDS)
            progress = self.exchange.join(join)
        verify_answer(progress.answer, join=join, identity=asked.identity, opened=opened)

    def _challenged(self, steward: StewardFolder, asked: _Asked, join: JoinId) -> bytes:
        if asked.issued.opened is not None:
            return unb64u(asked.issued.opened)
        opened = secrets.token_bytes(SECRET_BYTES)
        challenge = make_challenge(
            join,
            opened,
            to=asked.statement.sealing[0],
            admissions=steward.admissions_key(),
            now=to_moment(self.clock.now()),
        )
        # Remembered first: a challenge that left and was forgotten could never be checked.
        steward.keep_issued(asked.issued.model_copy(update={"opened": b64u(opened)}))
        self.exchange.challenge(join, challenge)
        steward.record(Verb.CHALLENGED, asked.issued.program, join)
        return opened

    def _write(self, steward: StewardFolder, kind: ProposalKind, step: Step, asked: _Asked) -> ProposalView:
        evidence = JoinEvidence(
            join=asked.issued.join,
            node=asked.request.node,
            root_version=asked.issued.root_version,
            root_sha256=asked.issued.root_sha256,
        )
        return self.propose.write(steward, kind, step, subject=asked.request.node, join=evidence)

    def _member(self, request: JoinRequest, published: Published, mentees: int) -> Member:
        quotas = Quotas.model_validate({**dict(published.content.policy.quotas), "cards": mentees})
        return Member(
            id=request.node,
            name=request.name,
            region=request.region,
            identity=request.identity,
            status=Standing.ACTIVE,
            valid_from=to_moment(self.clock.now()),
            relay=published.exchange,
            quotas=quotas,
            publishes=request.publishes,
            size=request.size,
        )


@dataclass(frozen=True, slots=True)
class RefuseJoin:
    """Say no to a join request; the program sees it when it looks."""

    exchange: Exchange
    clock: Clock

    def __call__(self, steward: StewardFolder, join: JoinId) -> None:
        """Raises: ExchangeRefusedError where the request is decided already."""
        refusal = sign_refusal(join, admissions=steward.admissions_key(), now=to_moment(self.clock.now()))
        self.exchange.refuse(join, refusal)
        steward.record(Verb.REFUSED_JOIN, "refused", join)


def _same_words(heard: str, words: SixWords) -> bool:
    spoken = _folded(heard)
    return any(hmac.compare_digest(spoken, _folded(" ".join(said))) for said in (words.english, words.french))


def _folded(text: str) -> bytes:
    # What is heard has no accents and no capitals; the first four letters of a French word tell it from every other.
    plain = unicodedata.normalize("NFKD", text.casefold().replace(",", " "))
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split()).encode()
