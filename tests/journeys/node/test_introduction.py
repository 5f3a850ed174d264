"""Two programs and the exchange between them: from a search to an introduction, and to reports that add up."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from federation.membership.refusals import NotJoinedError
from node.domain.audit import Act
from node.domain.consent import Given, GrantId, Purpose
from node.domain.letter import LetterState
from node.domain.mentorship import MentorshipState
from node.domain.person import PersonId
from node.domain.program import Tongue
from node.domain.request import Move, Stage
from protocol.ids import NodeId, ThreadId
from protocol.roster import SuspendedError
from protocol.vocabulary import Outcome
from tests.support.clock import NOON
from tests.support.nodes import Node, World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    found = World(tmp_path)
    yield found
    found.close()


def ask(world: World, home: Node, host: Node) -> ThreadId:
    mentor, mentee = host.mentor(), home.mentee()
    host.services.summary.agree(host.actor)
    host.services.summary.publish(host.actor)
    world.settle(2)
    (lead,) = home.services.requests.search(home.actor, mentee.id).leads
    assert lead.program == host.id
    thread = home.services.requests.open(home.actor, mentee.id, lead.program).id
    world.settle()
    assert host.services.requests.show(host.actor, thread).suggested == (mentor.id,)
    return thread


def offer(world: World, home: Node, host: Node, thread: ThreadId) -> PersonId:
    (mentor,) = host.services.requests.show(host.actor, thread).suggested
    host.says_yes(thread, mentor)
    host.services.requests.offer(host.actor, thread, mentor)
    world.settle()
    return mentor


def accept(world: World, home: Node, host: Node, thread: ThreadId) -> None:
    offer(world, home, host, thread)
    home.says_yes(thread)
    home.services.requests.accept(home.actor, thread)


def introduce(world: World, home: Node, host: Node) -> ThreadId:
    thread = ask(world, home, host)
    accept(world, home, host, thread)
    world.settle()
    return thread


def test_a_mentee_is_introduced_to_a_mentor_elsewhere_and_both_reports_add_up(world: World, database_url: str) -> None:
    home, host = world.node("Medicine Hat"), world.node("Calgary", url=database_url)

    introduce(world, home, host)

    for node in (home, host):
        (request,) = node.services.requests.list(node.actor)
        assert request.stage is Stage.INTRODUCED
        (letter,) = node.services.letters.list(node.actor)
        assert letter.state is LetterState.QUEUED
        assert node.services.letters.send(node.actor).drafted == 1
        assert len(list((node.folder / "letters").glob("*.eml"))) == 1
        assert node.services.federation.waiting(node.actor) == ()
    (ours,) = home.services.mentorships.list(home.actor)
    (theirs,) = host.services.mentorships.list(host.actor)
    home.services.mentorships.meet(home.actor, ours.id, 60)
    host.services.mentorships.meet(host.actor, theirs.id, 60)
    world.settle()
    home.services.mentorships.close(home.actor, ours.id, Outcome.FOUND_WORK)
    world.settle()

    at_home, at_host = home.services.report(home.actor), host.services.report(host.actor)
    assert at_home.closed == at_host.closed == {Outcome.FOUND_WORK: 1}
    assert at_home.meetings == at_host.meetings == 1
    assert at_home.programs[0].introductions_home == at_host.programs[0].introductions_host == 1


def consent_of(node: Node, purpose: Purpose) -> GrantId:
    (request,) = node.services.requests.list(node.actor)
    assert request.person is not None
    grants = node.services.consents.list(node.actor, request.person)
    return next(grant.id for grant in grants if grant.purpose is purpose)


def test_both_letters_propose_one_meeting_even_where_a_laptop_slept(world: World) -> None:
    home, host = world.node("Medicine Hat"), world.node("Calgary", language=Tongue.FRENCH)
    thread = ask(world, home, host)
    accept(world, home, host, thread)
    world.settle(1)
    home.sync()
    world.wait(timedelta(days=2))
    world.settle()

    with home.work as ours, host.work as theirs:
        (to_mentee,), (to_mentor,) = ours.letters.all(), theirs.letters.all()
    assert to_mentee.proposal == to_mentor.proposal
    assert to_mentee.about == to_mentor.about == thread


def test_a_yes_taken_back_after_the_introduction_is_forgotten_at_both_ends(world: World) -> None:
    home, host = world.node("Medicine Hat"), world.node("Calgary")
    introduce(world, home, host)

    home.services.consents.withdraw(home.actor, consent_of(home, Purpose.CONTACT), Given.PHONE)
    world.settle()

    for node in (home, host):
        (request,) = node.services.requests.list(node.actor)
        assert request.stage is Stage.CONSENT_WITHDRAWN
        (letter,) = node.services.letters.list(node.actor)
        assert letter.state is LetterState.DROPPED
    assert host.services.report(host.actor).seats.used == 0


def test_an_offer_recalled_while_the_introduction_is_on_its_way_is_told_to_nobody_more(world: World) -> None:
    home, host = world.node("Medicine Hat"), world.node("Calgary")
    thread = ask(world, home, host)
    accept(world, home, host, thread)
    home.sync()
    host.sync()

    host.services.requests.end(host.actor, thread, Move.RECALL)
    world.settle()

    for node in (home, host):
        assert node.services.requests.show(node.actor, thread).stage is Stage.RECALLED
    (letter,) = home.services.letters.list(home.actor)
    assert letter.state is LetterState.DROPPED
    (begun,) = home.services.mentorships.list(home.actor)
    assert begun.state is MentorshipState.CLOSED
    assert host.services.letters.list(host.actor) == ()
    assert host.services.report(host.actor).seats.used == 0


def test_an_erased_mentee_is_forgotten_by_the_other_program_and_in_its_files(world: World) -> None:
    home, host = world.node("Medicine Hat"), world.node("Calgary")
    introduce(world, home, host)
    (request,) = home.services.requests.list(home.actor)
    assert request.person is not None

    home.services.people.erase(home.actor, request.person)
    world.settle()

    (theirs,) = host.services.requests.list(host.actor)
    assert theirs.stage is Stage.ERASED
    (letter,) = host.services.letters.list(host.actor)
    assert letter.state is LetterState.DROPPED
    assert home.services.federation.waiting(home.actor) == ()


def test_a_node_that_slept_three_weeks_reads_first_and_says_what_lapsed(world: World) -> None:
    home, host = world.node("Medicine Hat"), world.node("Calgary")
    thread = ask(world, home, host)
    mentor = offer(world, home, host, thread)
    world.wait(timedelta(days=21))

    (lapsed,) = home.sync().lapsed
    world.settle()

    assert (lapsed.request, lapsed.program_name, lapsed.stage) == (thread, "Calgary", Stage.EXPIRED)
    assert host.services.requests.show(host.actor, thread).stage is Stage.EXPIRED
    with host.work as work:
        assert work.seats.of(mentor, world.clock.now()).free == 1


def test_a_suspended_program_is_not_asked_and_what_it_takes_back_is_shown(world: World) -> None:
    home, host = world.node("Medicine Hat"), world.node("Calgary")
    thread = ask(world, home, host)
    world.suspend(home)
    host.sync()
    home.services.requests.end(home.actor, thread, Move.WITHDRAW)
    world.settle()

    assert host.services.requests.show(host.actor, thread).stage is Stage.ASKED
    with host.work as work:
        assert Act.REQUEST_QUARANTINED in {entry.act for entry in work.audit.since(NOON)}
    mentee = host.mentee()
    with pytest.raises(SuspendedError):
        host.services.requests.open(host.actor, mentee.id, home.id)


def test_a_program_of_its_own_is_told_how_to_join(world: World) -> None:
    alone = world.stranger("Alone")

    for act in (alone.services.federation.sync, alone.services.summary.agree):
        with pytest.raises(NotJoinedError):
            act(alone.actor)
    with pytest.raises(NotJoinedError):
        alone.services.requests.open(alone.actor, alone.mentee().id, NodeId("a" * 16))


def test_what_waits_is_listed_paused_and_sent_after_all(world: World) -> None:
    home, host = world.node("Medicine Hat"), world.node("Calgary")
    world.settle(1)
    pause = home.services.federation.pause
    pause(home.actor, paused=True)
    thread = home.services.requests.open(home.actor, home.mentee().id, host.id).id
    world.settle()
    (waiting,) = home.services.federation.waiting(home.actor)
    assert (waiting.program, waiting.move, waiting.state) == (host.id, "request.open", "waiting")

    pause(home.actor, paused=False)
    home.services.federation.retry(home.actor, waiting.id)
    world.settle()

    assert host.services.requests.show(host.actor, thread).stage is Stage.ASKED
    assert home.services.federation.waiting(home.actor) == ()


def test_the_doctor_looks_at_the_roster_the_exchange_and_what_waits(world: World) -> None:
    home, alone = world.node("Medicine Hat"), world.stranger("Alone")

    def codes(node: Node) -> set[str]:
        return {finding.code for finding in node.services.care.examine(node.actor)}

    assert {"roster-fresh", "exchange-answers", "outbox-clear", "letters-clear"} <= codes(home)
    assert {"roster-none", "exchange-none"} <= codes(alone)
    world.clock.advance(timedelta(days=40))
    assert "roster-silent" in codes(home)
