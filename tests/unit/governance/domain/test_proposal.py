"""A proposal is one file; what is no proposal is refused by name."""

import pytest

from federation.governance.domain.content import Bundle, Versions
from federation.governance.domain.errors import ProposalDamagedError
from federation.governance.domain.proposal import Proposal, ProposalKind, files_of


def proposal(bundle: Bundle) -> Proposal:
    return Proposal(
        kind=ProposalKind.RENEW,
        made_at=1,
        by="Ada",
        exchange="https://exchange.example",
        base=Versions(root=1, targets=1, suspensions=1),
        files=files_of(bundle),
    )


def test_files_survive_the_journey() -> None:
    bundle = Bundle(targets=b"\x00signed", members_file=b"{}")
    assert Proposal.read(proposal(bundle).encode()).bundle == bundle


@pytest.mark.parametrize("raw", [b"", b"{}", b"not json", b'{"format": "another"}'])
def test_what_is_no_proposal_is_refused(raw: bytes) -> None:
    with pytest.raises(ProposalDamagedError):
        Proposal.read(raw)


def test_files_that_are_not_base64_are_refused() -> None:
    whole = proposal(Bundle(targets=b"signed"))
    bent = whole.model_copy(update={"files": whole.files.model_copy(update={"targets": "abcde"})})
    with pytest.raises(ProposalDamagedError):
        _ = bent.bundle
