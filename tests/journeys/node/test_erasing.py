"""Erased everywhere: no byte of her is left in the files of either program, and who has not heard it yet is chased."""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from node.adapters.sql.tables import MEMBER
from node.domain.actor import SYSTEM
from node.domain.consent import Purpose
from node.domain.mentorship import Agreement, Goal
from node.domain.person import Contact, Person, PersonId
from node.domain.request import Move, Stage
from node.services.ports.shredder import Shredded
from protocol.ids import ThreadId
from tests.support.canaries import found_in, sealed_about
from tests.support.node import a_person
from tests.support.nodes import Node, World

HER = Contact(
    name="Quetzalia Xanthopoulos",
    email="quetzalia@canary.example.org",
    phone="+1 403 555 7391",
    notes="keeps axolotls",
    availability="after the night shift",
)
WORDS = "She brings the axolotl ledger each Tuesday"
CLEAR = tuple(
    text.encode() for text in (HER.name, "quetzalia", "Xanthopoulos", HER.email, HER.phone, HER.notes, WORDS, "axolotl")
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    found = World(tmp_path)
    yield found
    found.close()


def introduced(world: World, home: Node, host: Node) -> tuple[Person, ThreadId]:
    mentee = home.add(replace(a_person(), contact=HER))
    home.agrees(mentee.id, Purpose.OUTSIDE)
    mentor = host.mentor()
    world.settle(2)
    thread = home.services.requests.open(home.actor, mentee.id, host.id).id
    world.settle()
    host.says_yes(thread, mentor.id)
    host.services.requests.offer(host.actor, thread, mentor.id)
    world.settle()
    home.says_yes(thread)
    home.services.requests.accept(home.actor, thread)
    world.settle()
    return mentee, thread


def agree(node: Node) -> None:
    (mentorship,) = node.services.mentorships.list(node.actor)
    goals = (Goal(words=WORDS, due_on=date(2027, 6, 1)),)
    agreement = Agreement(words=WORDS, review_on=date(2027, 6, 1), goals=goals)
    node.services.mentorships.agree(node.actor, mentorship.id, agreement)


def test_no_byte_of_an_erased_person_is_left_in_the_files_of_either_program(world: World) -> None:
    home, host = world.node("Medicine Hat"), world.node("Calgary")
    mentee, _ = introduced(world, home, host)
    for node in (home, host):
        agree(node)
        node.services.letters.send(SYSTEM)
    world.settle()
    sealed = sealed_about(home.engine, mentee.id)
    told = sealed_about(host.engine, "") | envelopes(home) | envelopes(host)
    for node in (home, host):
        assert {Path(name).parts[0] for name in found_in(node.folder, CLEAR)} <= {"letters"}, "no table names her"
        assert rows_of_membership(node) > 20
    assert found_in(home.folder, CLEAR)
    assert found_in(home.folder, sealed)
    assert found_in(host.folder, [*CLEAR, *told])

    view = home.services.people.erase(home.actor, mentee.id)
    world.settle()
    tidied = [node.services.people.tidy(SYSTEM) for node in (home, host)]

    assert (view.files, view.drafts) == (Shredded.GONE, 1)
    assert [tidy.files for tidy in tidied] == [Shredded.GONE] * 2
    assert len(sealed) > 10
    assert found_in(home.folder, [*CLEAR, *sealed, *told]) == {}
    assert found_in(host.folder, [*CLEAR, *sealed, *told]) == {}
    (done,) = home.services.people.erasures(home.actor)
    assert (done.move, done.outstanding, done.program_name) == (Move.ERASE, False, "Calgary")


def rows_of_membership(node: Node) -> int:
    """How many rows its side of the federation keeps: they are searched with all the others."""
    tables = [getattr(MEMBER, field.name) for field in fields(MEMBER)]
    with node.work as work:
        return sum(len(work.connection.execute(table.select()).all()) for table in tables)


def envelopes(node: Node) -> set[bytes]:
    """Every signed letter of the thread, as it lies sealed in the tables of membership."""
    with node.work as work:
        inner = work.connection.execute(MEMBER.thread_message.select()).all()
        sent = work.connection.execute(MEMBER.outbox.select()).all()
    return {row.inner for row in inner if row.inner} | {row.envelope for row in sent if row.envelope}


@pytest.mark.parametrize("how", ["suspended", "asleep"])
def test_a_program_that_does_not_hear_is_chased_until_it_signs(world: World, how: str) -> None:
    home, host = world.node("Medicine Hat"), world.node("Calgary")
    mentee, thread = introduced(world, home, host)
    world.nodes.remove(host)
    if how == "suspended":
        world.suspend(host)
    home.sync()
    home.services.people.erase(home.actor, PersonId(mentee.id))

    for _ in range(5):
        world.wait(timedelta(days=8))
        home.sync()
    (waiting,) = home.services.people.erasures(home.actor, outstanding_only=True)
    host.sync()
    world.settle()
    host.sync()
    world.settle()

    assert waiting.times > 1
    assert waiting.status == ("suspended" if how == "suspended" else "active")
    assert host.services.requests.show(host.actor, thread).stage is Stage.ERASED
    assert home.services.people.erasures(home.actor, outstanding_only=True) == ()
    world.nodes.append(host)
