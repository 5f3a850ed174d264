"""Anonymous requests over the real exchange: posted, weighed, asked about, offered, taken, and introduced."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from federation.exchange.app import services_of
from node.adapters.sql.tables import MEMBER
from node.adapters.sql.tables import requests as table
from node.cli import session
from node.domain.card import (
    AlreadyPostedError,
    AttestationNeededError,
    MentorAskedError,
    NotAskedError,
    NotVouchedError,
    OfferOverError,
    OneOfferAtATimeError,
    ServedHereError,
)
from node.domain.consent import Given, Purpose
from node.domain.person import PersonId, Visibility
from node.domain.request import ConsentMissingError, Stage
from node.services.board.asking import OutsideView
from node.services.board.choosing import OfferView
from node.services.request.opening import AskedEnoughError
from node.services.today import Concern
from protocol.ids import Digest, ThreadId
from protocol.roster import Quotas
from tests.support.commands import Run, Said
from tests.support.nodes import Node, World

VETERINARIAN = "31103"
LAST_DAY = timedelta(days=6, hours=1)


@dataclass(slots=True)
class Scene:
    """Two programs: the host has the one veterinarian, the home program a mentee who looks for one."""

    world: World
    home: Node
    host: Node
    mentee: PersonId
    mentor: PersonId

    def post(self) -> Digest:
        self.home.services.board.attest(self.home.actor)
        card = self.home.services.board.post(self.home.actor, self.mentee, Given.PHONE).id
        assert card is not None
        return card

    def post_and_release(self) -> Digest:
        card = self.post()
        self.release()
        return card

    def release(self) -> None:
        """What was decided leaves on the last day of the week; the batch closes; everybody reads it."""
        self.world.settle(1)
        services_of(self.world.app).release_batch()
        self.world.wait(timedelta(minutes=1))
        self.world.settle(1)

    def outside(self) -> OutsideView:
        (found,) = self.host.services.board.outside(self.host.actor)
        return found

    def offer(self, card: Digest) -> OfferView:
        board = self.host.services.board
        board.ask(self.host.actor, card, self.mentor)
        board.offer(self.host.actor, card, self.mentor, Given.PHONE)
        self.release()
        (offer,) = self.home.services.board.offers(self.home.actor, self.mentee)
        return offer

    def waiting(self) -> int:
        with self.home.work as work:
            return work.connection.execute(select(func.count()).select_from(MEMBER.upload)).scalar_one()

    def stage(self, thread: ThreadId) -> Stage:
        return self.home.services.requests.show(self.home.actor, thread).stage


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    world = World(tmp_path)
    home, host = (world.node(name) for name in ("Medicine Hat", "Calgary"))
    mentee = home.mentee(occupation=VETERINARIAN)
    mentor = host.mentor(occupation=VETERINARIAN, visibility=Visibility.ASK_FIRST)
    yield Scene(world, home, host, mentee.id, mentor.id)
    world.close()


@pytest.fixture
def typed(run: Run, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """What a coordinator types, at the moment that the scene's clock shows."""

    def one(node: Node, *words: str) -> Said:
        with monkeypatch.context() as patch:
            patch.setattr(session, "load_settings", lambda _folder: node.services.adapters.settings)
            patch.setattr(session, "open_node", lambda _settings, _ask: node.services)
            return run("request", *words, "--data-dir", str(node.folder))

    return one


def test_a_coordinator_types_the_whole_way(scene: Scene, typed: Callable[..., Said]) -> None:
    home, host, mentee, mentor = scene.home, scene.host, scene.mentee, scene.mentor
    assert "There is no anonymous request of ours" in typed(home, "posted").out
    assert "1 mentees wait" in typed(home, "attest").out
    preview = typed(home, "post", mentee, "--preview").out
    assert "31103  English or French is fine  waits for less than 13 weeks" in preview
    assert "Read it to her" in preview
    card = str(typed(home, "post", mentee, "--given", "phone", "--json").fields["id"])
    assert "waiting to be sent" in typed(home, "posted").out
    assert "No anonymous request fits" in typed(host, "outside").out
    scene.release()
    assert "releases left: 6; offers: 0" in typed(home, "posted").out
    assert "ask her; points: " in typed(host, "outside").out
    assert "question" not in typed(host, "ask-mentor", card, mentor).out
    assert "asked; the place waits until" in typed(host, "outside").out
    assert "No offer waits" in typed(home, "offers", mentee).out
    assert "offered; the place waits until" in typed(host, "offer-card", card, mentor, "--given", "phone").out
    scene.release()
    assert "Calgary  31103" in typed(home, "offers", mentee).out
    (today,) = (one for one in home.services.today(home.actor).matters if one.program == "Calgary")
    assert (today.concern, today.subject) == (Concern.ANONYMOUS_OFFER, mentee)
    offer = str(typed(home, "offers", mentee, "--json").items[0]["id"])
    assert "The other program learns nothing" in typed(home, "pass", offer).out
    assert typed(home, "take", offer).code == 1
    assert "ended" in typed(home, "unpost", card).out
    assert typed(home, "unpost", card).code == 1
    assert "answered; no place waits" in typed(host, "mentor-refused", card, mentor).out


def test_a_rare_need_finds_its_mentor_without_saying_whose_it_is(scene: Scene) -> None:
    other = scene.world.node("Edmonton")
    card = scene.post()
    scene.release()
    found = scene.outside()
    assert (found.card, found.mentor, found.needs_asking) == (card, scene.mentor, True)
    assert other.services.board.outside(other.actor) == ()

    offer = scene.offer(card)
    assert offer.program == scene.host.id
    thread = scene.home.services.board.take(scene.home.actor, offer.id).id
    scene.world.settle()
    assert scene.stage(thread) is Stage.OFFERED
    scene.home.says_yes(thread)
    scene.home.services.requests.accept(scene.home.actor, thread)
    scene.world.settle()

    assert scene.stage(thread) is Stage.INTRODUCED
    (posted,) = scene.home.services.board.posted(scene.home.actor)
    assert posted.ended_at is not None
    scene.release()
    with scene.host.work as work:
        assert work.cards.get(card).closed
        assert work.seats.of(scene.mentor, scene.world.clock.now()).used == 1


def test_what_is_closed_lets_go_of_the_seat_that_waits_for_it(scene: Scene) -> None:
    card = scene.post()
    scene.release()
    scene.host.services.board.ask(scene.host.actor, card, scene.mentor)
    scene.home.services.board.unpost(scene.home.actor, card)
    scene.release()

    with scene.host.work as work:
        assert work.seats.of(scene.mentor, scene.world.clock.now()).held == 0
    with pytest.raises(NotAskedError):
        scene.host.services.board.offer(scene.host.actor, card, scene.mentor, Given.PHONE)


def test_a_ticket_works_once_and_a_second_try_is_met_with_silence(scene: Scene) -> None:
    card = scene.post()
    scene.release()
    offer = scene.offer(card)
    first = scene.home.services.board.take(scene.home.actor, offer.id).id
    with pytest.raises(OfferOverError):
        scene.home.services.board.take(scene.home.actor, offer.id)
    scene.world.settle()
    with scene.home.work as work:  # somebody who plays the ticket a second time
        used = work.postings.offer(offer.id)
        assert used.thread == first
        work.postings.answer(replace(used, thread=None))
    second = scene.home.services.board.take(scene.home.actor, offer.id).id
    scene.world.settle()

    assert scene.stage(second) is Stage.ASKED
    with scene.host.work as work:
        assert work.requests.get(second).person is None


def test_an_offer_lapses_after_14_days_and_takes_nothing_from_her(scene: Scene) -> None:
    card = scene.post()
    scene.release()
    offer = scene.offer(card)
    scene.world.wait(timedelta(days=15))

    assert scene.home.services.board.offers(scene.home.actor, scene.mentee) == ()
    with pytest.raises(OfferOverError):
        scene.home.services.board.take(scene.home.actor, offer.id)
    with scene.home.work as work:
        assert work.people.get(scene.mentee).profile.waiting_since is not None
    with scene.host.work as work:
        assert work.seats.of(scene.mentor, scene.world.clock.now()).held == 0


def test_a_mentor_who_stays_silent_is_left_in_peace(scene: Scene) -> None:
    card = scene.post()
    scene.release()
    scene.host.services.board.ask(scene.host.actor, card, scene.mentor)
    (asked,) = (one for one in scene.host.services.today(scene.host.actor).matters if one.people)
    assert (asked.concern, asked.subject) == (Concern.MENTOR_ASKED, f"{card} {scene.mentor}")
    scene.world.wait(timedelta(days=8))
    (again,) = (one for one in scene.host.services.today(scene.host.actor).matters if one.people)
    assert (again.concern, again.since) == (Concern.MENTOR_ASKED_AGAIN, asked.since + timedelta(days=7))
    scene.world.wait(timedelta(days=7))

    assert not any(one.people for one in scene.host.services.today(scene.host.actor).matters)
    with pytest.raises(NotAskedError):
        scene.host.services.board.offer(scene.host.actor, card, scene.mentor, Given.PHONE)
    with pytest.raises(MentorAskedError):
        scene.host.services.board.ask(scene.host.actor, card, scene.mentor)
    with scene.host.work as work:
        assert work.seats.of(scene.mentor, scene.world.clock.now()).held == 0


def test_she_answers_one_offer_at_a_time(scene: Scene) -> None:
    other = scene.world.node("Edmonton")
    second = other.mentor(occupation=VETERINARIAN, visibility=Visibility.ASK_FIRST)
    card = scene.post()
    scene.release()
    for node, mentor in ((scene.host, scene.mentor), (other, second.id)):
        node.services.board.ask(node.actor, card, mentor)
        node.services.board.offer(node.actor, card, mentor, Given.PHONE)
    scene.release()
    one, two = scene.home.services.board.offers(scene.home.actor, scene.mentee)
    scene.home.services.board.take(scene.home.actor, one.id)

    with pytest.raises(OneOfferAtATimeError):
        scene.home.services.board.take(scene.home.actor, two.id)
    scene.home.services.board.pass_over(scene.home.actor, two.id)
    assert scene.home.services.board.offers(scene.home.actor, scene.mentee) == ()


def test_nothing_is_posted_without_her_yes_a_number_and_a_need_that_is_rare_here(scene: Scene) -> None:
    board, actor = scene.home.services.board, scene.home.actor
    with pytest.raises(AttestationNeededError):
        board.post(actor, scene.mentee, Given.PHONE)
    assert board.attest(actor).waiting == 1
    preview = board.post.preview(actor, scene.mentee)
    assert (preview.exact, preview.agreed, preview.language) == (f"{VETERINARIAN}/-/2/either", False, None)
    with pytest.raises(ConsentMissingError):
        board.post(actor, scene.mentee)
    scene.post()
    with pytest.raises(AlreadyPostedError):
        board.post(actor, scene.mentee)
    common = scene.home.mentee()
    scene.home.mentor()
    with pytest.raises(ServedHereError):
        board.post(actor, common.id, Given.PHONE)
    with pytest.raises(AttestationNeededError):
        board.post(actor, scene.home.mentee(occupation="21332").id, Given.PHONE)


def test_nobody_asks_anonymously_for_whom_the_stewards_do_not_vouch(scene: Scene) -> None:
    board, actor = scene.home.services.board, scene.home.actor
    scene.home.peer.quotas = Quotas(cards=0)
    scene.world.node("Brooks")
    scene.world.settle(1)
    board.attest(actor)

    with pytest.raises(NotVouchedError):
        board.post(actor, scene.mentee, Given.PHONE)


def test_both_are_told_what_left_of_them_anonymously_and_when_they_agreed(scene: Scene) -> None:
    scene.offer(scene.post_and_release())

    (posted,) = scene.home.services.people.disclosures(scene.home.actor, scene.mentee).anonymous
    told = scene.host.services.people.disclosures(scene.host.actor, scene.mentor)
    (offered,) = told.anonymous

    assert (posted.posted, offered.posted, told.asked) == (True, False, 1)
    assert None not in {posted.agreed_at, offered.agreed_at}
    assert scene.host.services.summary.ledger(scene.host.actor).anonymous.offered == 1


def test_whoever_takes_her_yes_back_is_on_the_board_no_longer(scene: Scene) -> None:
    card = scene.post()
    scene.release()
    with scene.home.work as work:
        (grant,) = (one for one in work.consents.of(scene.mentee) if one.purpose is Purpose.CARD)
    scene.home.services.consents.withdraw(scene.home.actor, grant.id, Given.PHONE)
    scene.release()

    with scene.host.work as work:
        assert work.cards.get(card).closed


def test_uploads_leave_on_the_last_day_of_the_week_and_not_when_something_is_decided(scene: Scene) -> None:
    scene.release()
    scene.world.wait(timedelta(hours=7))  # a new week has begun: Monday, 19:00
    services_of(scene.world.app).release_batch.when_due()
    never_left = scene.post()
    scene.home.services.board.unpost(scene.home.actor, never_left)
    card = scene.post()
    scene.world.settle(1)
    assert scene.waiting() == 1
    scene.world.wait(LAST_DAY)
    scene.world.settle(1)
    assert scene.waiting() == 0
    scene.release()

    with scene.host.work as work:
        assert [one.id for one in work.cards.since(scene.world.clock.now() - timedelta(days=99))] == [card]


def test_a_standing_yes_replaces_the_mentors_answer_but_not_the_coordinators(scene: Scene) -> None:
    other = scene.world.node("Edmonton")
    ready = other.mentor(occupation=VETERINARIAN, visibility=Visibility.MAY_OFFER)
    for purpose in (Purpose.STANDING, Purpose.CONTACT):
        other.agrees(ready.id, purpose)
    card = scene.post()
    scene.release()
    (found,) = other.services.board.outside(other.actor)
    assert not found.needs_asking
    other.services.board.offer(other.actor, card, ready.id)
    scene.release()

    (offer,) = scene.home.services.board.offers(scene.home.actor, scene.mentee)
    assert offer.program == other.id


def test_places_that_our_own_need_are_given_one_a_week_however_often_it_is_looked_at(scene: Scene) -> None:
    second = scene.home.mentee(occupation=VETERINARIAN)
    scene.host.mentor(occupation=VETERINARIAN, visibility=Visibility.ASK_FIRST)
    for _ in range(2):
        scene.host.mentee(occupation=VETERINARIAN)
    scene.post()
    assert scene.home.services.board.post(scene.home.actor, second.id, Given.PHONE).id is not None
    scene.release()

    found = scene.outside()
    scene.host.services.board.ask(scene.host.actor, found.card, found.mentor)

    assert scene.outside().asked_at is not None
    scene.release()
    later = scene.host.services.board.outside(scene.host.actor)
    assert [one.asked_at is None for one in later] == [False, True]


def test_asking_too_often_is_met_with_the_same_silence_as_everything_else(scene: Scene) -> None:
    requests, actor = scene.home.services.requests, scene.home.actor
    scene.world.settle(1)

    def ask() -> ThreadId:
        return requests.open(actor, scene.home.mentee(occupation=VETERINARIAN).id, scene.host.id).id

    heard = [ask() for _ in range(3)]
    with pytest.raises(AskedEnoughError):
        ask()
    scene.world.settle(2)
    with scene.home.work as work:  # a program that does not keep to it
        moment = work.requests.get(heard[0]).opened_at - timedelta(days=99)
        work.connection.execute(update(table).values(opened_at=moment))
    unheard = ask()
    scene.world.settle()
    assert {view.id for view in scene.host.services.requests.list(scene.host.actor)} == set(heard)
    waiting = requests.show(actor, heard[0]), requests.show(actor, unheard)
    assert waiting[0].stage is waiting[1].stage is Stage.ASKED

    scene.world.wait(timedelta(days=15))
    scene.world.settle()
    over = requests.show(actor, heard[0]), requests.show(actor, unheard)
    assert over[0].stage is over[1].stage is Stage.EXPIRED
    assert [len(view.timeline) for view in over] == [2, 2]
