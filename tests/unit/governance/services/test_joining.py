"""Letting programs in, and everybody who should stay outside."""

from datetime import timedelta
from pathlib import Path

import pytest

from federation.governance.domain.errors import (
    AlreadyMemberError,
    KeyVersionError,
)
from federation.governance.domain.join_errors import (
    ChallengeUnansweredError,
    JoinAbsentError,
    JoinDecidedError,
    JoinUnknownError,
    OtherMemberError,
    WordsDifferError,
)
from federation.governance.domain.proposal import ProposalKind
from protocol.ids import JoinId, NodeId
from protocol.joining import CODE_LIFETIME, JoinError, verify_code
from protocol.jws import UnknownKeyError, by_id
from protocol.keys import SigningKey, WordList
from protocol.parsing import b64u
from protocol.roster import NotMemberError
from protocol.statements import CLOCK_SKEW
from tests.support.newcomer import Newcomer
from tests.support.roster_site import Join
from tests.support.stewards import DAY, NODE, Circle

OTHER = NodeId("ponmlkjihgfedcba")
NO_WAIT = timedelta(0)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Circle:
    found = Circle(tmp_path_factory.mktemp("founded"))
    found.found("Ada", "Ben", targets=2)
    return found


@pytest.fixture
def circle(founded: Circle, tmp_path: Path) -> Circle:
    return founded.copied(tmp_path)


def waiting(circle: Circle, newcomer: Newcomer) -> tuple[str, JoinId]:
    """A code that an honest newcomer used."""
    code, join = circle.code("Ada")
    circle.site.joins[join] = Join(newcomer.ask(code, circle.clock.now()))
    return code, join


def admit(circle: Circle, join: JoinId, words: str) -> None:
    desk = circle.desk("Ada")
    desk.admit()(desk.steward, join, lambda _: words, wait=NO_WAIT)


def test_a_join_code_is_signed_by_an_admissions_key_and_names_the_trusted_root(circle: Circle) -> None:
    code, join = circle.code("Ada")
    desk = circle.desk("Ada")
    admissions = by_id(desk.steward.admissions_key().public)
    read = verify_code(code.encode(), admissions=admissions, now=circle.clock.now())
    assert (read.jti, read.root_sha256) == (join, desk.show().root_sha256)
    assert desk.steward.all_issued() == (join,)


def test_a_join_code_never_lives_longer_than_a_week(circle: Circle) -> None:
    desk = circle.desk("Ada")
    view = desk.issue(desk.steward, "Brooks", 30 * DAY)
    assert view.expires == circle.clock.now() + CODE_LIFETIME


def test_two_stewards_admit_a_program_after_words_and_challenge(circle: Circle) -> None:
    published = circle.pass_round(circle.admitted("Ada", Newcomer(NODE)), "Ada", "Ben")
    assert published.targets_version == 2


@pytest.mark.parametrize("spoken", [str.upper, lambda words: words.replace(" ", ", "), lambda words: f" {words} "])
def test_words_are_compared_as_they_are_heard(circle: Circle, spoken: type[str]) -> None:
    newcomer = Newcomer(NODE)
    code, join = waiting(circle, newcomer)
    words = spoken(newcomer.words(code, circle.clock.now()))
    assert circle.decide("Ada", newcomer, join, words).kind is ProposalKind.ADMIT


def test_words_may_be_french_and_without_accents(circle: Circle) -> None:
    newcomer = Newcomer(NODE)
    code, join = waiting(circle, newcomer)
    words = newcomer.words(code, circle.clock.now(), WordList.FRENCH)
    plain = words.encode("ascii", "ignore").decode()
    assert circle.decide("Ada", newcomer, join, plain).words is not None


def test_wrong_words_stop_the_admission_before_any_challenge(circle: Circle) -> None:
    _, join = waiting(circle, Newcomer(NODE))
    with pytest.raises(WordsDifferError):
        admit(circle, join, "six other words than these here")
    assert circle.site.joins[join].challenge is None


def test_a_man_in_the_middle_with_the_code_is_betrayed_by_the_words(circle: Circle) -> None:
    honest, middle = Newcomer(NODE), Newcomer(NODE)
    code, join = circle.code("Ada")
    circle.site.joins[join] = Join(middle.ask(code, circle.clock.now()))
    with pytest.raises(WordsDifferError):
        admit(circle, join, honest.words(code, circle.clock.now()))


def test_a_request_without_the_secret_of_the_code_fails_its_mac(circle: Circle) -> None:
    newcomer = Newcomer(NODE)
    code, join = circle.code("Ada")
    circle.site.joins[join] = Join(newcomer.ask(code, circle.clock.now(), secret=b64u(bytes(32))))
    with pytest.raises(JoinError) as refusal:
        admit(circle, join, newcomer.words(code, circle.clock.now()))
    assert refusal.value.params == {"field": "mac"}


def test_a_request_for_another_code_is_refused(circle: Circle) -> None:
    newcomer = Newcomer(NODE)
    code, _ = circle.code("Ada")
    _, join = circle.code("Ada")
    circle.site.joins[join] = Join(newcomer.ask(code, circle.clock.now()))
    with pytest.raises(JoinError) as refusal:
        admit(circle, join, "")
    assert refusal.value.params == {"field": "jti"}


def test_a_request_made_after_the_code_expired_is_refused(circle: Circle) -> None:
    newcomer = Newcomer(NODE)
    code, join = circle.code("Ada")
    made = circle.clock.now()
    circle.clock.advance(CODE_LIFETIME + CLOCK_SKEW)
    circle.site.joins[join] = Join(newcomer.ask(code, made, iat=circle.clock.now()))
    with pytest.raises(JoinError):
        admit(circle, join, newcomer.words(code, made))


def test_a_challenge_answered_by_another_identity_is_refused(circle: Circle) -> None:
    newcomer = Newcomer(NODE)
    code, join = waiting(circle, newcomer)
    words = newcomer.words(code, circle.clock.now())
    with pytest.raises(ChallengeUnansweredError):
        admit(circle, join, words)
    held = circle.site.joins[join]
    assert held.challenge is not None
    admissions = circle.desk("Ada").steward.admissions_key().public
    stranger = SigningKey.generate()
    held.answer = newcomer.answer(held.challenge, join, admissions, circle.clock.now(), by=stranger)
    with pytest.raises(UnknownKeyError):
        admit(circle, join, words)


def test_an_answer_that_was_guessed_is_refused(circle: Circle) -> None:
    newcomer = Newcomer(NODE)
    code, join = waiting(circle, newcomer)
    words = newcomer.words(code, circle.clock.now())
    with pytest.raises(ChallengeUnansweredError):
        admit(circle, join, words)
    circle.site.joins[join].answer = newcomer.guess(join, circle.clock.now())
    with pytest.raises(JoinError) as refusal:
        admit(circle, join, words)
    assert refusal.value.params == {"field": "opened"}


def test_the_steward_may_come_back_later_for_the_answer(circle: Circle) -> None:
    newcomer = Newcomer(NODE)
    code, join = waiting(circle, newcomer)
    words = newcomer.words(code, circle.clock.now())
    with pytest.raises(ChallengeUnansweredError):
        admit(circle, join, words)
    challenge = circle.site.joins[join].challenge
    assert challenge is not None
    admissions = circle.desk("Ada").steward.admissions_key().public
    circle.site.joins[join].answer = newcomer.answer(challenge, join, admissions, circle.clock.now())
    admit(circle, join, words)
    assert circle.site.joins[join].challenge == challenge


def test_a_code_that_nobody_used_yet_says_so(circle: Circle) -> None:
    _, join = circle.code("Ada")
    with pytest.raises(JoinAbsentError):
        admit(circle, join, "")


def test_only_the_steward_who_issued_a_code_can_check_it(circle: Circle) -> None:
    _, join = waiting(circle, Newcomer(NODE))
    desk = circle.desk("Ben")
    with pytest.raises(JoinUnknownError):
        desk.admit()(desk.steward, join, lambda _: "", wait=NO_WAIT)


def test_a_steward_can_say_no_and_the_request_is_decided(circle: Circle) -> None:
    _, join = waiting(circle, Newcomer(NODE))
    desk = circle.desk("Ada")
    desk.refuse()(desk.steward, join)
    with pytest.raises(JoinDecidedError):
        admit(circle, join, "")


def test_a_program_cannot_be_admitted_under_the_id_of_another(circle: Circle) -> None:
    circle.pass_round(circle.admitted("Ada", Newcomer(NODE)), "Ada", "Ben")
    with pytest.raises(AlreadyMemberError):
        circle.let_in("Ada", Newcomer(NODE))


def test_one_identity_key_cannot_be_two_members(circle: Circle) -> None:
    newcomer = Newcomer(NODE)
    circle.pass_round(circle.admitted("Ada", newcomer), "Ada", "Ben")
    with pytest.raises(AlreadyMemberError):
        circle.let_in("Ada", Newcomer(OTHER, identity=newcomer.identity))


def test_a_rehearsed_admission_asks_the_program_for_nothing(circle: Circle) -> None:
    newcomer = Newcomer(NODE)
    code, join = waiting(circle, newcomer)
    desk = circle.desk("Ada", rehearse=True)
    words = newcomer.words(code, circle.clock.now())
    view = desk.admit()(desk.steward, join, lambda _: words, wait=NO_WAIT, rehearse=True)
    assert view.changes
    assert circle.site.joins[join].challenge is None
    assert not (circle.path / "Ada" / "proposals" / "admit-r1-t2-s1.json").exists()


def test_another_steward_sees_the_same_words_before_she_signs(circle: Circle) -> None:
    newcomer = Newcomer(NODE)
    code, join = waiting(circle, newcomer)
    words = newcomer.words(code, circle.clock.now())
    proposal = circle.proposal_of(circle.decide("Ada", newcomer, join, words))
    seen = circle.desk("Ben").examine(proposal).view.words
    assert seen is not None
    assert " ".join(seen.english) == words


def test_a_member_with_a_stolen_machine_comes_back_under_a_new_identity(circle: Circle) -> None:
    circle.pass_round(circle.admitted("Ada", Newcomer(NODE)), "Ada", "Ben")
    view = circle.let_in("Ada", Newcomer(NODE, key_version=2), rekey=True)
    circle.pass_round(circle.proposal_of(view), "Ada", "Ben")
    desk = circle.desk("Ada")
    (member,) = desk.show().members
    assert member.min_key_version == 2


def test_a_rekey_without_a_higher_key_version_is_refused_before_the_program_is_asked(circle: Circle) -> None:
    circle.pass_round(circle.admitted("Ada", Newcomer(NODE)), "Ada", "Ben")
    with pytest.raises(KeyVersionError):
        circle.let_in("Ada", Newcomer(NODE, key_version=1), rekey=True)
    assert all(held.challenge is None for held in list(circle.site.joins.values())[1:])


def test_a_rekey_for_another_member_is_refused(circle: Circle) -> None:
    newcomer = Newcomer(NODE, key_version=2)
    code, join = waiting(circle, newcomer)
    words = newcomer.words(code, circle.clock.now())
    desk = circle.desk("Ada")
    with pytest.raises(OtherMemberError):
        desk.admit().rekey(desk.steward, OTHER, join, lambda _: words, wait=NO_WAIT)


def test_a_stranger_cannot_be_rekeyed(circle: Circle) -> None:
    with pytest.raises(NotMemberError):
        circle.let_in("Ada", Newcomer(NODE, key_version=2), rekey=True)


def test_a_rehearsed_rekey_asks_the_program_for_nothing(circle: Circle) -> None:
    circle.pass_round(circle.admitted("Ada", Newcomer(NODE)), "Ada", "Ben")
    newcomer = Newcomer(NODE, key_version=2)
    code, join = waiting(circle, newcomer)
    words = newcomer.words(code, circle.clock.now())
    desk = circle.desk("Ada", rehearse=True)
    view = desk.admit().rekey(desk.steward, NODE, join, lambda _: words, wait=NO_WAIT, rehearse=True)
    assert view.kind is ProposalKind.REKEY
    assert circle.site.joins[join].challenge is None
