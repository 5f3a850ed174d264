"""A proposal: one file that travels by any means, from the steward who proposes to those who sign.

It holds what was published when it was made, the new files, and the signatures so far; nothing secret but the token
that founds a federation once. Whether its signatures suffice is the engine's question.
"""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import StringConstraints

from federation.governance.domain.cards import Token
from federation.governance.domain.content import Bundle, Versions
from federation.governance.domain.errors import ProposalDamagedError
from protocol.documents import DigestText, Document, Label, Moment, NodeIdText, UuidText, Version
from protocol.errors import ProtocolError
from protocol.parsing import b64u, unb64u
from protocol.roster import Url

LIMIT = 20_000_000  # members.json alone may hold 5 MB, and base64 adds a third

Bytes = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$")]


class ProposalKind(StrEnum):
    """What is proposed, in a word."""

    FOUND = "found"
    ADMIT = "admit"
    SUSPEND = "suspend"
    RESUME = "resume"
    REMOVE = "remove"
    REKEY = "rekey"
    RENEW = "renew"
    POLICY = "policy"
    ROOT = "root"
    DUTY = "duty"
    VOUCH = "vouch"


class JoinEvidence(Document):
    """Which request an admission answers, so that every signer can compare the six words herself."""

    join: UuidText
    node: NodeIdText
    root_version: Version
    root_sha256: DigestText


class ProposedFiles(Document):
    """The new files, base64url."""

    root: Bytes | None = None
    targets: Bytes | None = None
    suspensions: Bytes | None = None
    members_file: Bytes | None = None
    policy_file: Bytes | None = None
    suspensions_file: Bytes | None = None


class Proposal(Document):
    """The file itself."""

    format: Literal["mentorweave-proposal-1"] = "mentorweave-proposal-1"
    kind: ProposalKind
    made_at: Moment
    by: Label
    exchange: Url
    base: Versions
    files: ProposedFiles
    join: JoinEvidence | None = None
    founding_token: Token | None = None

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """`raw` as a proposal. Raises: ProposalDamagedError."""
        try:
            return cls.parse(raw, limit=LIMIT)
        except ProtocolError as error:
            raise ProposalDamagedError from error

    @property
    def bundle(self) -> Bundle:
        """The files as bytes. Raises: ProposalDamagedError."""
        try:
            parts = {name: unb64u(text) for name, text in self.files.model_dump(exclude_none=True).items()}
        except ProtocolError as error:
            raise ProposalDamagedError from error
        return Bundle(**parts)

    def carrying(self, bundle: Bundle) -> Self:
        """The same proposal with these files."""
        return self.model_copy(update={"files": files_of(bundle)})


def files_of(bundle: Bundle) -> ProposedFiles:
    """The files of a bundle as they travel."""

    def text(content: bytes | None) -> str | None:
        return None if content is None else b64u(content)

    return ProposedFiles(
        root=text(bundle.root),
        targets=text(bundle.targets),
        suspensions=text(bundle.suspensions),
        members_file=text(bundle.members_file),
        policy_file=text(bundle.policy_file),
        suspensions_file=text(bundle.suspensions_file),
    )
