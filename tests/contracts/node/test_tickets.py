"""A ticket answers with the seat that is held; whatever is wrong with it is met with silence. On both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from node.domain.card import CardWords, OwnCard, Question, QuestionId, ShownCard
from node.domain.consent import Given, Purpose
from node.domain.person import OccupationCode, Person, Visibility
from node.domain.request import Capability, Claim, End, Need, Offered, Request, Stage
from node.domain.seat import SeatClaim, SeatId, SeatState
from node.services.board.hearing import hear_offer, take_in
from node.services.consent import WithdrawConsent
from node.services.ports.board import OfferHeard, Shown
from node.services.request.anonymous import ticket_hash
from protocol.ids import Digest, ThreadId
from protocol.vocabulary import Mode
from tests.support.crossing import CLERK, Pair, settle
from tests.support.node import new_id

CARD, TICKET, WEEK = Digest("a" * 64), "t" * 43, timedelta(weeks=1)
CODE = OccupationCode("31103")
WORDS = CardWords(occupation=CODE, language=None, tier=2, mode=Mode.EITHER)


def an_offer(at: datetime) -> Offered:
    capability = Capability(
        occupation=CODE,
        languages=("en",),
        topics=(),
        mode=Mode.ONLINE,
        hours=4,
        years_of_experience=9,
        time_zone="America/Edmonton",
    )
    return Offered(capability, at + 2 * WEEK)


def offered(pair: Pair) -> Question:
    """A question whose mentor said yes, with a seat that is held."""
    mentor, now = pair.host.mentor(), pair.clock.now()
    seat = SeatId(new_id())
    offer = an_offer(now)
    question = Question(
        id=QuestionId(new_id()), card=CARD, mentor=mentor.id, asked_at=now, answered_at=now, seat=seat, offer=offer
    )
    question = replace(question, ticket=ticket_hash(TICKET))
    held = SeatClaim(id=seat, mentor=mentor.id, claimant=question.id, state=SeatState.HELD, held_until=offer.hold_until)
    pair.host.agrees(mentor.id, Purpose.CONTACT, question.id)
    with pair.host.work() as work:
        work.seats.claim(held, now)
        work.cards.ask(question)
    return question


def take(pair: Pair, question: Question, *, ticket: str = TICKET, card: Digest = CARD) -> ThreadId:
    """Home plays a ticket."""
    mentee = pair.home.mentee()
    need = Need(
        occupation=CODE, languages=mentee.profile.languages, topics=(), mode=Mode.ONLINE, hours=4, time_zone="UTC"
    )
    claim = Claim(card=card, offer=question.id, ticket=ticket)
    with pair.home.work() as work:
        thread = work.border.open(pair.host.node, replace(need, claim=claim), pair.clock.now())
        request = Request(
            id=thread,
            peer=pair.host.node,
            end=End.HOME,
            stage=Stage.ASKED,
            need=need,
            opened_at=pair.clock.now(),
            person=mentee.id,
        )
        work.requests.add(request)
    settle(pair.home, pair.host)
    return thread


def test_a_good_ticket_is_answered_at_once_and_leads_to_an_introduction(pair: Pair) -> None:
    question = offered(pair)
    thread = take(pair, question)
    assert pair.home.request(thread).stage is Stage.OFFERED
    assert take(pair, question) != thread
    pair.home.says_yes(thread)
    pair.home.accept(CLERK, thread)
    settle(pair.home, pair.host)

    assert pair.home.request(thread).stage is Stage.INTRODUCED
    assert [view.stage for view in pair.host.requests()].count(Stage.ASKED) == 1


def change(pair: Pair, question: Question, how: Callable[[Person], Person]) -> None:
    with pair.host.work() as work:
        work.people.replace(how(work.people.get(question.mentor)))


def leaves(pair: Pair, question: Question) -> None:
    change(pair, question, lambda mentor: mentor.pause(None, pair.clock.now().date()))


def hides(pair: Pair, question: Question) -> None:
    change(pair, question, lambda one: replace(one, profile=replace(one.profile, visibility=Visibility.ONLY_HERE)))


def takes_her_yes_back(pair: Pair, question: Question) -> None:
    with pair.host.work() as work:
        (grant,) = work.consents.of(question.mentor)
    WithdrawConsent(pair.host.work, pair.clock)(CLERK, grant.id, Given.PHONE)


def lapses(pair: Pair, question: Question) -> None:
    pair.clock.advance(3 * WEEK)


@pytest.mark.parametrize("change", [leaves, hides, takes_her_yes_back, lapses])
def test_what_no_longer_stands_is_met_with_silence(pair: Pair, change: Callable[[Pair, Question], None]) -> None:
    question = offered(pair)
    change(pair, question)

    assert pair.home.request(take(pair, question)).stage is Stage.ASKED


def test_guessed_tickets_are_met_with_silence(pair: Pair) -> None:
    question = offered(pair)
    wrong = [
        take(pair, question, ticket="u" * 43),
        take(pair, question, card=Digest("b" * 64)),
        take(pair, replace(question, id=QuestionId(new_id()))),
    ]

    assert [pair.home.request(thread).stage for thread in wrong] == [Stage.ASKED] * 3


def test_our_own_request_ends_by_itself_after_its_time_and_late_offers_are_kept_until_then(pair: Pair) -> None:
    mentee, now, board = pair.home.mentee(), pair.clock.now(), pair.home.carrier.board
    own = OwnCard(id=CARD, person=mentee.id, words=WORDS, secret="opens.closes", posted_at=now)
    shown = ShownCard(id=CARD, words=WORDS, key="k" * 43, close=Digest("c" * 64), shown_at=now)
    with pair.home.work() as work:
        work.postings.add(own)
        for week in range(9):
            board.moments.append(now + week * WEEK)
            take_in(work, Shown(cards=(shown,) if week == 0 else (), closed=(), at=now + week * WEEK))
            assert (work.postings.get(CARD).ended_at is not None) == (week == 8)
            if week == 7:
                offer = an_offer(now)
                heard = OfferHeard(
                    id=QuestionId(new_id()), card=CARD, host=pair.host.node, offer=offer, ticket=TICKET, at=now
                )
                hear_offer(work, heard)
                assert work.cards.get(CARD).ours
        assert len(work.postings.offers(CARD)) == 1
        assert work.postings.get(CARD).secret == ""
