"""A federation begins: keys, thresholds, signatures that travel, and the first publication."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from federation.governance.adapters.tuf_engine import TufEngine
from federation.governance.domain.errors import (
    DutyMissingError,
    ExchangeRefusedError,
    FederationTakenError,
    FolderTakenError,
    NameTakenError,
    NotConfirmedError,
    NothingToSignError,
    ProposalDamagedError,
    ProposalExpiredError,
    ProposalsDifferError,
    SharedKeyError,
    ThresholdError,
    UnderThresholdError,
)
from federation.governance.services.founding import Charter
from federation.governance.services.views import ProposalView
from protocol.keys import SigningKey
from protocol.roster import Standing
from tests.support.newcomer import Newcomer
from tests.support.stewards import DAY, NAMES, NODE, Circle, yes


@pytest.fixture
def circle(tmp_path: Path) -> Circle:
    return Circle(tmp_path)


def test_one_steward_founds_a_federation_and_admits_a_program(circle: Circle) -> None:
    circle.found("Ada")
    published = circle.pass_round(circle.admitted("Ada", Newcomer(NODE)), "Ada")
    assert (published.root_version, published.targets_version, published.suspensions_version) == (1, 2, 1)
    desk = circle.desk("Ada")
    (member,) = desk.show().members
    assert (member.id, member.standing) == (NODE, Standing.ACTIVE)


def test_five_stewards_found_a_federation_that_needs_three_for_the_root_and_two_to_admit(circle: Circle) -> None:
    circle.found(*NAMES, root=3, targets=2)
    desk = circle.desk("Eve")
    roles = {role.role: (role.threshold, len(role.holders)) for role in desk.show().roles}
    assert roles == {
        "root": (3, 5),
        "targets": (2, 5),
        "suspensions": (1, 5),
        "snapshot": (1, 1),
        "timestamp": (1, 1),
    }


def test_three_of_five_signatures_are_enough_to_found(circle: Circle) -> None:
    proposal = circle.draft(*NAMES, root=3, targets=2)
    assert circle.pass_round(proposal, "Ada", "Cleo", "Eve").root_version == 1


def test_a_founding_under_its_threshold_is_refused_before_it_is_sent(circle: Circle) -> None:
    proposal = circle.sign("Ben", circle.sign("Ada", circle.draft(*NAMES, root=3, targets=2)))
    with pytest.raises(UnderThresholdError) as refusal:
        circle.publish("Ben", proposal)
    assert dict(refusal.value.params) == {"role": "root", "signed": 2, "needed": 3}
    assert circle.site.published == 0


def test_copies_signed_apart_are_joined(circle: Circle) -> None:
    draft = circle.draft(*NAMES, root=3, targets=2)
    copies = [circle.sign(name, draft) for name in ("Ada", "Ben", "Cleo")]
    assert circle.publish("Ada", *copies).root_version == 1


def test_copies_of_one_stewards_signature_count_once(circle: Circle) -> None:
    draft = circle.draft(*NAMES, root=3, targets=2)
    copies = [circle.sign("Ada", draft), circle.sign("Ada", draft), circle.sign("Ben", draft)]
    with pytest.raises(UnderThresholdError):
        circle.publish("Ada", *copies)


def test_copies_of_different_proposals_are_not_joined(circle: Circle) -> None:
    first = circle.sign("Ada", circle.draft("Ada", "Ben"))
    second = circle.sign("Ben", circle.draft("Ada", "Ben", targets=2))
    with pytest.raises(ProposalsDifferError):
        circle.publish("Ada", first, second)


def test_a_copy_whose_files_were_exchanged_is_not_joined(circle: Circle) -> None:
    first = circle.sign("Ada", circle.draft("Ada", "Ben", root=2))
    other = first.carrying(replace(first.bundle, members_file=b"{}"))
    with pytest.raises(ProposalsDifferError):
        circle.publish("Ada", first, other)


def test_a_copy_that_lacks_a_file_is_not_joined(circle: Circle) -> None:
    circle.found("Ada")
    desk = circle.desk("Ada")
    proposal = circle.proposal_of(desk.propose.renew(desk.steward))
    with pytest.raises(ProposalsDifferError):
        circle.publish("Ada", proposal, proposal.carrying(replace(proposal.bundle, policy_file=None)))


def test_signing_twice_with_one_key_adds_nothing(circle: Circle) -> None:
    circle.found("Ada", "Ben", root=2, targets=2)
    desk = circle.desk("Ada")
    signed = circle.sign("Ada", circle.proposal_of(desk.propose.renew(desk.steward)))
    with pytest.raises(NothingToSignError):
        circle.sign("Ada", signed)


def test_the_signature_of_somebody_who_is_no_steward_does_not_count(circle: Circle) -> None:
    signed = circle.sign("Ada", circle.draft("Ada", "Ben", root=2))
    circle.make("Mallory")
    with pytest.raises(NothingToSignError):
        circle.sign("Mallory", signed)
    bundle = signed.bundle
    assert bundle.root is not None
    forced = signed.carrying(replace(bundle, root=TufEngine().sign(bundle.root, SigningKey.generate())))
    with pytest.raises(UnderThresholdError):
        circle.publish("Ada", forced)


def test_an_expired_founding_is_refused_and_a_steward_on_duty_can_date_it_anew(circle: Circle) -> None:
    signed = circle.sign("Ada", circle.draft("Ada"))
    circle.clock.advance(timedelta(hours=73))
    with pytest.raises(ProposalExpiredError) as refusal:
        circle.publish("Ada", signed)
    assert refusal.value.params["role"] == "suspensions"
    assert circle.publish("Ada", circle.sign("Ada", signed)).suspensions_version == 1


def test_a_founding_that_travelled_for_a_quarter_must_be_written_anew(circle: Circle) -> None:
    signed = circle.sign("Ada", circle.draft("Ada"))
    circle.clock.advance(91 * DAY)
    with pytest.raises(ProposalExpiredError) as refusal:
        circle.publish("Ada", circle.sign("Ada", signed))
    assert refusal.value.params["role"] == "targets"


def test_a_second_founding_is_refused_by_the_exchange(circle: Circle) -> None:
    circle.found("Ada")
    other = circle.sign("Ben", circle.draft("Ben"))
    with pytest.raises(ExchangeRefusedError):
        circle.publish("Ben", other)


def test_a_folder_that_reads_a_roster_signs_no_other_founding(circle: Circle) -> None:
    circle.found("Ada")
    circle.clock.advance(DAY)
    with pytest.raises(FederationTakenError):
        circle.sign("Ada", circle.draft("Ada"))


def test_nothing_is_signed_when_the_steward_says_no(circle: Circle) -> None:
    draft, desk = circle.draft("Ada"), circle.desk("Ada")

    def no(view: ProposalView) -> None:
        assert view.changes
        assert view.missing == 3
        raise NotConfirmedError

    with pytest.raises(NotConfirmedError):
        desk.sign(desk.steward, draft, no)
    assert desk.steward.pin() is None


def test_a_folder_is_never_made_twice(circle: Circle) -> None:
    circle.make("Ada")
    with pytest.raises(FolderTakenError):
        circle.make("Ada")


def test_the_same_card_cannot_stand_for_two_stewards(circle: Circle) -> None:
    circle.make("Ada")
    circle.cards["Ben"] = circle.cards["Ada"].model_copy(update={"name": "Ben"})
    with pytest.raises(SharedKeyError):
        circle.draft("Ada", "Ben")


def test_two_stewards_of_one_name_are_refused(circle: Circle) -> None:
    circle.make("Ada")
    circle.make("Ben")
    circle.cards["Ben"] = circle.cards["Ben"].model_copy(update={"name": "Ada"})
    with pytest.raises(NameTakenError):
        circle.draft("Ada", "Ben")


@pytest.mark.parametrize("threshold", [0, 3])
def test_a_threshold_nobody_can_reach_or_that_asks_for_nobody_is_refused(circle: Circle, threshold: int) -> None:
    with pytest.raises(ThresholdError):
        circle.draft("Ada", "Ben", root=threshold)


def test_a_federation_without_a_duty_key_is_refused(circle: Circle) -> None:
    circle.make("Ada", duty=False)
    with pytest.raises(DutyMissingError):
        circle.draft("Ada")


def test_a_duty_key_that_may_also_admit_is_refused(circle: Circle) -> None:
    circle.make("Ada")
    card = circle.cards["Ada"]
    circle.cards["Ada"] = card.model_copy(update={"duty": card.admissions})
    with pytest.raises(SharedKeyError):
        circle.draft("Ada")


def test_a_key_of_the_exchange_that_may_also_suspend_is_refused(circle: Circle) -> None:
    circle.make("Ada")
    circle.cards["Ada"] = circle.cards["Ada"].model_copy(update={"duty": circle.site.card.timestamp})
    with pytest.raises(SharedKeyError):
        circle.draft("Ada")


def test_a_founding_without_its_root_is_damaged(circle: Circle) -> None:
    draft = circle.draft("Ada")
    desk = circle.desk("Ada")
    with pytest.raises(ProposalDamagedError):
        desk.sign(desk.steward, draft.carrying(replace(draft.bundle, root=None)), yes)


def test_a_rehearsed_pilot_leaves_no_trace(circle: Circle) -> None:
    desk = circle.desk("Ada", rehearse=True)
    card = desk.make_steward(desk.steward, "Ada", duty=True)
    founded = desk.found(desk.steward, Charter(exchange=circle.site.card, stewards=(card,)))
    signed, view = desk.sign(desk.steward, founded.proposal, yes)
    assert view.missing == 0
    assert desk.publish()(desk.steward, (signed,)).root_version == 1
    assert circle.site.published == 0
    assert not (circle.path / "Ada").exists()
