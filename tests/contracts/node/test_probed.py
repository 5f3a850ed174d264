"""A program that asks and asks, and meets nobody: how many rare mentors it learns of, on both databases."""

from datetime import timedelta

import pytest

from node.domain.person import Person, Visibility
from node.domain.request import Move, Stage
from node.domain.scarce import HANDFUL, LATELY, MOST_UNMET, UnmetOffersError
from node.services.dealings import CheckDealings, SideView
from protocol.ids import ThreadId
from tests.support.crossing import CLERK, Pair, asked, introduced, offered, settle

RARE = ("10010", "10011", "10012", "10019", "10020", "10021", "10022")


def in_vain(pair: Pair, mentor: Person) -> ThreadId:
    """An offer that the other program read and let go of."""
    thread = offered(pair, mentor, pair.home.mentee(occupation=mentor.profile.occupation))
    pair.home.end(CLERK, thread, Move.REFUSE)
    settle(pair.home, pair.host)
    return thread


def test_a_program_that_meets_nobody_is_offered_six_rare_mentors_a_year(pair: Pair) -> None:
    mentors = [pair.host.mentor(occupation=code) for code in RARE]
    for mentor in mentors[:MOST_UNMET]:
        in_vain(pair, mentor)
    thread = asked(pair, pair.home.mentee(occupation=RARE[-1]))
    pair.host.says_yes(thread, mentors[-1].id)

    with pytest.raises(UnmetOffersError) as refused:
        pair.host.offer(CLERK, thread, mentors[-1].id)

    assert refused.value.params["count"] == MOST_UNMET == 6
    in_vain(pair, mentors[0])  # nothing new
    pair.clock.advance(LATELY + timedelta(days=1))
    in_vain(pair, mentors[-1])


def test_who_waits_for_an_answer_counts_and_who_met_somebody_does_not(pair: Pair) -> None:
    mentors = [pair.host.mentor(occupation=code) for code in RARE]
    threads = [offered(pair, one, pair.home.mentee(occupation=one.profile.occupation)) for one in mentors[:-1]]
    last = asked(pair, pair.home.mentee(occupation=RARE[-1]))
    pair.host.says_yes(last, mentors[-1].id)
    with pytest.raises(UnmetOffersError):
        pair.host.offer(CLERK, last, mentors[-1].id)

    pair.home.says_yes(threads[0])
    pair.home.accept(CLERK, threads[0])
    settle(pair.home, pair.host)

    assert pair.host.offer(CLERK, last, mentors[-1].id).stage is Stage.OFFERED


@pytest.mark.parametrize(("level", "holders"), [(Visibility.LISTED, 1), (Visibility.ASK_FIRST, HANDFUL + 1)])
def test_who_is_listed_or_one_of_many_may_always_be_offered(pair: Pair, level: Visibility, holders: int) -> None:
    for code in RARE[:-1]:
        in_vain(pair, pair.host.mentor(occupation=code))
    mentors = [pair.host.mentor(occupation=RARE[-1], visibility=level) for _ in range(holders)]

    thread = in_vain(pair, mentors[0])

    assert pair.host.request(thread).stage is Stage.REFUSED


def test_the_ledger_tells_on_both_sides_who_asks_and_lets_offers_lapse(pair: Pair) -> None:
    check = CheckDealings(pair.host.work, pair.clock)
    assert check().code == "offers-met"
    for code in RARE[:-1]:
        in_vain(pair, pair.host.mentor(occupation=code))
    asked(pair, pair.home.mentee(occupation=RARE[-1]))

    (theirs,) = pair.host.ledger(CLERK).dealings
    (ours,) = pair.home.ledger(CLERK).dealings

    counted = SideView(asked=7, offered=6, met=0, lapsed=6)
    nothing = SideView(asked=0, offered=0, met=0, lapsed=0)
    assert (theirs.program, theirs.theirs, theirs.ours) == (pair.home.node, counted, nothing)
    assert (ours.program, ours.theirs, ours.ours) == (pair.host.node, nothing, counted)
    assert (check().code, check().params) == ("offers-in-vain", {"count": 1})


def test_who_met_somebody_is_not_counted_among_those_who_let_offers_lapse(pair: Pair) -> None:
    introduced(pair)

    (theirs,) = pair.host.ledger(CLERK).dealings

    assert theirs.theirs == SideView(asked=1, offered=1, met=1, lapsed=0)
