"""Suspending, resuming, removing, renewing, rotating: every change of a roster that is published already."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from federation.governance.adapters.tuf_engine import TufEngine
from federation.governance.domain import changes
from federation.governance.domain.content import Bundle
from federation.governance.domain.diff import ChangeKind
from federation.governance.domain.errors import (
    DutyKeyMissingError,
    ExchangeRefusedError,
    FederationUnknownError,
    NothingToChangeError,
    NothingToSignError,
    ProposalDamagedError,
    ProposalStaleError,
    StewardUnknownError,
    UnderThresholdError,
)
from federation.governance.domain.proposal import Proposal, ProposalKind
from federation.governance.domain.trust import Rotation
from federation.governance.services.propose import PolicyChange
from federation.governance.services.views import RosterView
from protocol.roster import NotMemberError, Standing, SuccessionError, Suspensions
from tests.support.newcomer import Newcomer
from tests.support.stewards import DAY, NAMES, NODE, Circle


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Circle:
    found = Circle(tmp_path_factory.mktemp("founded"))
    found.found(*NAMES, root=3, targets=2)
    found.pass_round(found.admitted("Ada", Newcomer(NODE)), "Ada", "Ben")
    return found


@pytest.fixture
def circle(founded: Circle, tmp_path: Path) -> Circle:
    return founded.copied(tmp_path)


def roster(circle: Circle, name: str = "Ada") -> RosterView:
    desk = circle.desk(name)
    return desk.show()


def standing(circle: Circle, name: str = "Ada") -> Standing:
    (member,) = roster(circle, name).members
    return member.standing


def suspend(circle: Circle, name: str) -> None:
    desk = circle.desk(name)
    circle.pass_round(circle.proposal_of(desk.propose.suspend(desk.steward, NODE)), name)


def rotated(circle: Circle, rotation: Rotation, *signers: str) -> None:
    desk = circle.desk("Ada")
    circle.pass_round(circle.proposal_of(desk.propose.rotate(desk.steward, rotation)), *signers)


def test_one_steward_on_duty_stops_a_program_alone(circle: Circle) -> None:
    suspend(circle, "Dai")
    assert standing(circle) is Standing.SUSPENDED


def test_a_steward_without_a_duty_key_cannot_suspend(tmp_path: Path) -> None:
    circle = Circle(tmp_path)
    circle.make("Ben", duty=False)
    circle.found("Ada", "Ben")
    circle.pass_round(circle.admitted("Ada", Newcomer(NODE)), "Ada")
    desk = circle.desk("Ben")
    with pytest.raises(DutyKeyMissingError):
        desk.propose.suspend(desk.steward, NODE)


def test_a_suspension_signed_by_an_admissions_key_does_not_count(circle: Circle) -> None:
    desk = circle.desk("Ada")
    proposal = circle.proposal_of(desk.propose.suspend(desk.steward, NODE))
    bundle = proposal.bundle
    assert bundle.suspensions is not None
    by_admissions = TufEngine().sign(bundle.suspensions, desk.steward.admissions_key())
    with pytest.raises(UnderThresholdError):
        circle.publish("Ada", proposal.carrying(replace(bundle, suspensions=by_admissions)))
    with pytest.raises(ExchangeRefusedError):
        circle.desk("Ada").publish().exchange.publish(
            Bundle(suspensions=by_admissions, suspensions_file=bundle.suspensions_file), None
        )


def test_an_empty_newer_file_by_one_duty_key_does_not_lift_a_suspension(circle: Circle) -> None:
    suspend(circle, "Dai")
    roster(circle)
    reader = circle.desk("Ben").examine.reader
    content = reader.read().content
    emptied = replace(
        changes.refresh(content, frozenset(), circle.clock.now()),
        suspensions=Suspensions(signed_at=content.suspensions.signed_at + 1),
    )
    engine, duty = TufEngine(), circle.desk("Ben").steward.duty_key()
    bundle = engine.write(emptied, reader.read().bundle)
    assert bundle.suspensions is not None
    circle.desk("Ben").publish().exchange.publish(
        replace(bundle, suspensions=engine.sign(bundle.suspensions, duty)), None
    )
    assert roster(circle).suspensions_version == 3
    assert standing(circle) is Standing.SUSPENDED
    assert standing(circle, "Ben") is Standing.SUSPENDED


def test_a_suspension_that_one_steward_forgot_is_carried_on_by_the_next_on_duty(circle: Circle) -> None:
    suspend(circle, "Dai")
    circle.clock.advance(DAY)
    desk = circle.desk("Eve")
    assert desk.duty()(desk.steward).signed
    assert [entry.subject for entry in roster(circle, "Cleo").suspensions] == [NODE]


def test_two_admissions_stewards_lift_every_suspension_by_name(circle: Circle) -> None:
    suspend(circle, "Dai")
    suspend(circle, "Eve")
    desk = circle.desk("Ada")
    view = desk.propose.resume(desk.steward, NODE)
    assert [change.kind for change in view.changes].count(ChangeKind.CLEARED) == 2
    circle.pass_round(circle.proposal_of(view), "Ada", "Ben")
    assert standing(circle) is Standing.ACTIVE
    assert roster(circle, "Cleo").suspensions == ()


def test_one_admissions_steward_alone_lifts_nothing(circle: Circle) -> None:
    suspend(circle, "Dai")
    desk = circle.desk("Ada")
    signed = circle.sign("Ada", circle.proposal_of(desk.propose.resume(desk.steward, NODE)))
    with pytest.raises(UnderThresholdError):
        circle.publish("Ada", signed)


def test_a_second_suspension_after_a_lifting_gets_a_serial_that_was_never_cleared(circle: Circle) -> None:
    suspend(circle, "Dai")
    desk = circle.desk("Ada")
    circle.pass_round(circle.proposal_of(desk.propose.resume(desk.steward, NODE)), "Ada", "Ben")
    suspend(circle, "Dai")
    assert [entry.serial for entry in roster(circle).suspensions] == [2]


def test_one_duty_key_suspends_a_program_once(circle: Circle) -> None:
    suspend(circle, "Dai")
    desk = circle.desk("Dai")
    with pytest.raises(NothingToChangeError):
        desk.propose.suspend(desk.steward, NODE)


def test_a_program_that_is_active_cannot_be_resumed(circle: Circle) -> None:
    desk = circle.desk("Ada")
    with pytest.raises(NothingToChangeError):
        desk.propose.resume(desk.steward, NODE)


def test_a_program_that_leaves_stays_in_the_roster_and_may_return(circle: Circle) -> None:
    desk = circle.desk("Ada")
    circle.pass_round(circle.proposal_of(desk.propose.remove(desk.steward, NODE)), "Ada", "Cleo")
    assert standing(circle) is Standing.LEFT
    with pytest.raises(NothingToChangeError):
        desk.propose.remove(desk.steward, NODE)
    circle.pass_round(circle.proposal_of(desk.propose.resume(desk.steward, NODE)), "Ada", "Cleo")
    assert standing(circle) is Standing.ACTIVE


def test_a_stranger_cannot_be_removed(circle: Circle) -> None:
    desk = circle.desk("Ada")
    with pytest.raises(NotMemberError):
        desk.propose.remove(desk.steward, type(NODE)("q" * 16))


def test_a_lapsed_roster_is_renewed_for_ninety_days(circle: Circle) -> None:
    circle.clock.advance(100 * DAY)
    circle.site.renew()
    desk = circle.desk("Ada")
    circle.pass_round(circle.proposal_of(desk.propose.renew(desk.steward)), "Ada", "Ben")
    targets = next(end for end in roster(circle).deadlines if end.role.value == "targets")
    assert targets.days == 90


def test_the_policy_changes_for_everybody(circle: Circle) -> None:
    desk = circle.desk("Ada")
    change = PolicyChange(board_interval=60, tier_bonus=0, no_exact_mentor_bonus=0)
    view = desk.propose.policy(desk.steward, change)
    fields = {change.field for change in view.changes if change.kind is ChangeKind.POLICY_CHANGED}
    assert fields == {"board_interval", "bonuses.tier", "bonuses.no_exact_mentor"}
    circle.pass_round(circle.proposal_of(view), "Ada", "Ben")
    with pytest.raises(NothingToChangeError):
        desk.propose.policy(desk.steward, PolicyChange())


def test_the_root_rotates_over_several_versions_and_old_folders_follow(circle: Circle) -> None:
    circle.make("Fay")
    rotated(circle, Rotation(add=(circle.cards["Fay"],)), "Ada", "Ben", "Cleo")
    rotated(circle, Rotation(remove=("Eve",)), "Ada", "Ben", "Cleo")
    rotated(circle, Rotation(root_threshold=2), "Ada", "Ben", "Cleo")
    rotated(circle, Rotation(), "Ada", "Ben")
    view = roster(circle, "Dai")
    assert view.root_version == 5
    assert view.roles[0].holders == ("Ada", "Ben", "Cleo", "Dai", "Fay")
    assert view.roles[0].threshold == 2


def test_a_new_root_needs_the_threshold_of_the_old_one(circle: Circle) -> None:
    desk = circle.desk("Ada")
    proposal = circle.proposal_of(desk.propose.rotate(desk.steward, Rotation(root_threshold=1)))
    for name in ("Ada", "Ben"):
        proposal = circle.sign(name, proposal)
    with pytest.raises(UnderThresholdError) as refusal:
        circle.publish("Ben", proposal)
    assert refusal.value.params["needed"] == 3


def test_a_new_root_needs_its_own_threshold_too(circle: Circle) -> None:
    desk = circle.desk("Ada")
    proposal = circle.proposal_of(desk.propose.rotate(desk.steward, Rotation(root_threshold=4)))
    for name in ("Ada", "Ben", "Cleo"):
        proposal = circle.sign(name, proposal)
    with pytest.raises(UnderThresholdError) as refusal:
        circle.publish("Cleo", proposal)
    assert refusal.value.params["needed"] == 4


def test_a_steward_who_was_removed_signs_no_more(circle: Circle) -> None:
    rotated(circle, Rotation(remove=("Eve",)), "Ada", "Ben", "Cleo")
    desk = circle.desk("Ada")
    with pytest.raises(NothingToSignError):
        circle.sign("Eve", circle.proposal_of(desk.propose.renew(desk.steward)))
    eve = circle.desk("Eve")
    with pytest.raises(NothingToSignError):
        eve.duty()(eve.steward, at_once=True)


def test_a_steward_who_came_later_trusts_the_root_by_its_hash(circle: Circle) -> None:
    circle.make("Fay")
    rotated(circle, Rotation(add=(circle.cards["Fay"],)), "Ada", "Ben", "Cleo")
    fay = circle.desk("Fay")
    with pytest.raises(FederationUnknownError):
        fay.show()
    known = roster(circle)
    fay.trust(fay.steward, known.exchange, known.root_version, known.root_sha256)
    proposal = circle.proposal_of(circle.desk("Ada").propose.renew(circle.desk("Ada").steward))
    assert circle.pass_round(proposal, "Fay", "Ada").targets_version == 4


def test_a_steward_nobody_knows_cannot_be_removed(circle: Circle) -> None:
    with pytest.raises(StewardUnknownError):
        rotated(circle, Rotation(remove=("Zoe",)))


def test_the_exchange_rotates_its_online_keys(circle: Circle) -> None:
    other = Circle(circle.path / "other").site
    desk = circle.desk("Ada")
    view = desk.propose.rotate(desk.steward, Rotation(exchange=other.card))
    changed = {change.subject for change in view.changes if change.kind is ChangeKind.KEY_ADDED}
    assert changed == {"snapshot", "timestamp"}


def test_a_proposal_is_stale_once_another_was_published(circle: Circle) -> None:
    desk = circle.desk("Ada")
    first = circle.proposal_of(desk.propose.renew(desk.steward))
    circle.pass_round(first, "Ada", "Ben")
    with pytest.raises(ProposalStaleError):
        circle.sign("Cleo", first)


def test_a_proposal_that_skips_a_version_is_damaged(circle: Circle) -> None:
    reader = circle.desk("Ada").examine.reader
    published, now = reader.read(), circle.clock.now()
    twice = changes.renew(changes.renew(published.content, now), now)
    files = TufEngine().write(twice, published.bundle)
    desk = circle.desk("Ada")
    honest = circle.proposal_of(desk.propose.renew(desk.steward))
    with pytest.raises(ProposalDamagedError):
        circle.sign("Ada", honest.carrying(files))


def test_no_steward_signs_a_list_that_rewrites_what_is_fixed(circle: Circle) -> None:
    reader, desk = circle.desk("Ada").examine.reader, circle.desk("Ada")
    published = reader.read()
    renewed = changes.renew(published.content, circle.clock.now())
    without = replace(renewed, members=renewed.members.model_copy(update={"members": ()}))
    honest = circle.proposal_of(desk.propose.renew(desk.steward))
    with pytest.raises(SuccessionError):
        circle.sign("Ada", honest.carrying(TufEngine().write(without, published.bundle)))


def test_a_proposal_whose_words_belong_to_another_root_is_damaged(circle: Circle) -> None:
    desk = circle.desk("Ada")
    desk_proposal = circle.proposal_of(desk.propose.renew(desk.steward))
    forged = Proposal.model_validate(
        {
            **dict(desk_proposal),
            "join": {
                "join": "01890000-0000-7000-8000-000000000000",
                "node": NODE,
                "root_version": 1,
                "root_sha256": "0" * 64,
            },
        },
        strict=False,
    )
    with pytest.raises(ProposalDamagedError):
        circle.sign("Ben", forged)


def test_duty_is_taken_once_a_day_and_at_once_when_told(circle: Circle) -> None:
    desk = circle.desk("Ada")
    assert not desk.duty()(desk.steward).signed
    assert desk.duty()(desk.steward, at_once=True).suspensions_version == 2
    circle.clock.advance(timedelta(hours=25))
    view = desk.duty()(desk.steward)
    assert view.signed
    assert view.expires == circle.clock.now() + timedelta(hours=72)


def test_a_duty_that_was_missed_for_weeks_is_taken_up_again(circle: Circle) -> None:
    circle.clock.advance(40 * DAY)
    circle.site.renew()
    desk = circle.desk("Ada")
    assert desk.duty()(desk.steward).signed


def test_a_rehearsed_suspension_writes_no_file(circle: Circle) -> None:
    desk = circle.desk("Dai", rehearse=True)
    view = desk.propose.suspend(desk.steward, NODE)
    assert view.kind is ProposalKind.SUSPEND
    assert not Path(view.file).exists()
