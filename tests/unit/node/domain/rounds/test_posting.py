"""Which own mentees may be described on a card, and what it would say of them."""

import pytest

from node.adapters.assignment import solve
from node.domain.matching.hard.bonds import Bonds
from node.domain.person import Candidate, OccupationCode, PersonId
from node.domain.rounds.posting import COMPANY, needs
from node.domain.rounds.room import SeatHolder, Waiting
from protocol.vocabulary import Mode
from tests.unit.node.domain.rounds.building import ENGINEER, SURVEYOR, mentee, mentor, room


def nobody(_: OccupationCode, __: str) -> int:
    return 0


def test_a_mentee_without_a_mentor_of_her_very_occupation_may_post() -> None:
    (need,) = needs(room([mentee("e", weeks=20)], [mentor("surveyor", SURVEYOR)]), nobody, solve)
    assert (need.mentee.id, need.occupation, need.language, need.tier) == ("e", ENGINEER, None, 1)


def test_a_mentor_with_a_free_seat_for_her_is_asked_at_home_first() -> None:
    assert needs(room([mentee("e")], [mentor("engineer")]), nobody, solve) == ()


@pytest.mark.parametrize(
    "holder",
    [mentor("engineer", free=0), mentor("engineer", taking_part=False)],
    ids=["full", "away"],
)
def test_a_mentor_who_cannot_take_her_does_not_count(holder: SeatHolder) -> None:
    assert len(needs(room([mentee("e")], [holder, mentor("surveyor", SURVEYOR)]), nobody, solve)) == 1


def test_a_seat_that_a_longer_wait_gets_does_not_count() -> None:
    waiting = [mentee("short"), mentee("long", weeks=40), mentee("surveyor", SURVEYOR, weeks=80)]
    found = needs(room(waiting, [mentor("engineer"), mentor("surveyors", SURVEYOR)]), nobody, solve)
    assert [need.mentee.id for need in found] == ["short"]


def test_a_seat_is_not_kept_for_somebody_who_asks_elsewhere() -> None:
    waiting = [Waiting(person=mentee("long", weeks=40), card_age=0), Waiting(person=mentee("short"))]
    assert needs(room(waiting, [mentor("engineer")]), nobody, solve) == ()


def test_a_mentor_from_whom_she_is_kept_apart_does_not_count() -> None:
    apart = Bonds(apart={(PersonId("e"), PersonId("engineer"))})
    assert len(needs(room([mentee("e")], [mentor("engineer")], bonds=apart), nobody, solve)) == 1


@pytest.mark.parametrize(
    "waiting",
    [
        Waiting(person=mentee("e"), card_age=3),
        Waiting(person=mentee("e", mode=Mode.IN_PERSON)),
        Waiting(person=Candidate(id=PersonId("e"), profile=mentee("e").profile, taking_part=False)),
    ],
    ids=["has a card", "in person only", "away"],
)
def test_some_mentees_post_nothing(waiting: Waiting) -> None:
    assert needs(room([waiting]), nobody, solve) == ()


@pytest.mark.parametrize(("cards", "said"), [(COMPANY - 1, []), (COMPANY, ["uk"])])
def test_a_language_is_said_only_in_company(cards: int, said: list[str]) -> None:
    found = needs(room([mentee("e", languages="uk")]), lambda _, code: cards if code == "uk" else 0, solve)
    assert [need.language for need in found] == said
    assert needs(room([mentee("mute", languages="")]), lambda _, __: cards, solve) == ()
