"""Looking at a proposal before anybody signs or publishes it: what it changes, and whose signatures it has.

A proposal that does not follow the published roster by exactly one version is refused here, for both.
"""

from dataclasses import dataclass

from federation.governance.domain.content import SIGNED_OFFLINE, Content, Published
from federation.governance.domain.diff import compare
from federation.governance.domain.errors import ProposalDamagedError, ProposalStaleError
from federation.governance.domain.proposal import JoinEvidence, Proposal, ProposalKind
from federation.governance.services.ports import Engine, Reader
from federation.governance.services.views import ProposalView, SixWords
from protocol.ids import Digest, NodeId, sha256_hex
from protocol.keys import VerifyingKey, WordList, six_words
from protocol.roster import check_succession, find


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A proposal measured against the published roster. Only `Examine` makes one."""

    proposal: Proposal
    published: Published | None
    content: Content
    view: ProposalView


@dataclass(frozen=True, slots=True)
class Examine:
    """Measure a proposal against what is published."""

    engine: Engine
    reader: Reader

    def __call__(self, proposal: Proposal, *, offline: bool = False) -> Examined:
        """Raises: ProposalDamagedError, ProposalStaleError, SuccessionError, those of `Trust.check` and the reader."""
        published = None
        if proposal.kind is not ProposalKind.FOUND:
            published = self.reader.last() if offline else self.reader.read()
        base = None if published is None else published.bundle
        content = self.engine.read(proposal.bundle.over(base))
        _check_follows(proposal, None if published is None else published.content, content)
        content.trust.check()
        if published is not None:
            check_succession(published.content.members, content.members)
        view = ProposalView(
            kind=proposal.kind,
            by=proposal.by,
            exchange=proposal.exchange,
            changes=compare(None if published is None else published.content, content),
            checks=self.engine.check(proposal.bundle, base),
            words=self._words(proposal.join, content),
        )
        return Examined(proposal=proposal, published=published, content=content, view=view)

    def _words(self, join: JoinEvidence | None, content: Content) -> SixWords | None:
        if join is None:
            return None
        root = self.reader.root_file(join.root_version)
        if root is None or sha256_hex(root) != join.root_sha256:
            raise ProposalDamagedError(field="join")
        identity = VerifyingKey.from_jwk(find(content.members, NodeId(join.node)).identity)
        return words_of(Digest(join.root_sha256), identity)


def words_of(root: Digest, identity: VerifyingKey) -> SixWords:
    """The six words in both languages."""
    return SixWords(
        english=six_words(root, identity, WordList.ENGLISH), french=six_words(root, identity, WordList.FRENCH)
    )


def _check_follows(proposal: Proposal, old: Content | None, new: Content) -> None:
    for role in SIGNED_OFFLINE:
        version = 0 if old is None else old.versions.of(role)
        if proposal.base.of(role) != version:
            raise ProposalStaleError(role=role.value, base=proposal.base.of(role), published=version)
        brought = proposal.bundle.metadata(role) is not None
        if new.versions.of(role) != version + brought:
            raise ProposalDamagedError(role=role.value, version=new.versions.of(role))
