"""Erasing on both databases, and the ports `Shredder` and `DraftFolder`: what is forgotten is nowhere any more."""

import threading
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from node.adapters.backup.archive import KEPT
from node.adapters.mail.composing import Composer
from node.adapters.mail.drafts import FolderOfDrafts
from node.adapters.sql.shredder import SqlShredder
from node.adapters.sql.work import unit_of_work
from node.adapters.vault.file import FileVault, Lock
from node.domain.actor import SYSTEM
from node.domain.consent import Given
from node.domain.letter import LetterId, LetterState
from node.domain.mentorship import Agreement, Goal, MentorshipState
from node.domain.person import Kind
from node.domain.request import Move, Stage
from node.domain.retention import BACKUPS_KEPT
from node.services.erasures import CheckErasures, ListErasures
from node.services.keys import RotateKeys
from node.services.letters import SendLetters
from node.services.mentorship.views import MentorshipView
from node.services.ports import PeopleFilter
from node.services.ports.shredder import Shredded
from node.services.ports.vault import Guard
from node.services.tidying import Tidy
from tests.support.clock import FakeClock
from tests.support.crossing import CLERK, FakeProgram, Pair, introduced, settle
from tests.support.node import OpenSqlWork, a_person, new_id

AGREED = Agreement(
    words="Every second Monday at her kitchen table",
    review_on=date(2027, 4, 1),
    goals=(Goal(words="A first interview", due_on=date(2027, 3, 1)),),
)


def a_pair_that_agreed(program: FakeProgram) -> tuple[MentorshipView, str, str]:
    mentee, mentor = program.mentee(), program.mentor()
    view = program.approve(CLERK, mentee.id, mentor.id)
    return program.agree(CLERK, view.id, AGREED), mentee.id, mentor.id


@pytest.mark.parametrize("which", [1, 2])
def test_what_others_hold_of_an_erased_person_goes_with_her(pair: Pair, which: int) -> None:
    found = a_pair_that_agreed(pair.host)
    mentorship, erased = found[0], found[which]
    with pair.host.work() as work:
        person = work.people.get(work.people.find(PeopleFilter())[which - 1].id)
    assert person.id == erased

    pair.host.erase(CLERK, person.id)

    with pair.host.work() as work:
        assert work.mentorships.get(mentorship.id).agreement is None
        (letter,) = work.letters.all()
    assert letter.other is None
    assert letter.state is LetterState.DROPPED


def test_the_words_of_a_mentorship_go_when_the_other_program_erases_its_person(pair: Pair) -> None:
    introduced(pair)
    with pair.host.work() as work:
        (mentorship,) = work.mentorships.all()
    pair.host.agree(CLERK, mentorship.id, AGREED)
    settle(pair.home, pair.host)
    with pair.home.work() as work:
        (mentee,) = work.people.find(PeopleFilter())

    view = pair.home.erase(CLERK, mentee.id)
    settle(pair.home, pair.host)

    with pair.host.work() as work:
        after = work.mentorships.get(mentorship.id)
        assert all(letter.other is None for letter in work.letters.all())
    assert (after.agreement, after.state) == (None, MentorshipState.CLOSED)
    assert [told.program for told in view.told] == [pair.host.node]
    assert view.backups_kept == BACKUPS_KEPT == KEPT


def test_word_of_an_erasure_is_outstanding_until_receipted_or_the_program_has_left(pair: Pair) -> None:
    thread = introduced(pair)
    with pair.home.work() as work:
        (mentee,) = work.people.find(PeopleFilter())
    assert ListErasures(pair.home.work, pair.clock)(CLERK) == ()
    pair.home.erase(CLERK, mentee.id)
    erasures = ListErasures(pair.home.work, pair.clock)

    (told,) = erasures(CLERK, outstanding_only=True)
    assert CheckErasures(erasures)().code == "erasures-confirmed"
    pair.clock.advance(timedelta(days=14))
    assert CheckErasures(erasures)().code == "erasures-outstanding"
    carried = pair.home.carrier.threads[thread]
    carried.timeline = (*carried.timeline[:-1], replace(carried.timeline[-1], receipted_at=pair.clock.now()))
    (done,) = erasures(CLERK)

    assert (told.request, told.move, told.times, told.outstanding) == (thread, Move.ERASE, 1, True)
    assert (done.outstanding, done.receipted_at) == (False, pair.clock.now())
    assert erasures(CLERK, outstanding_only=True) == ()
    carried.timeline = (*carried.timeline[:-1], replace(carried.timeline[-1], receipted_at=None))
    pair.home.carrier.left.add(pair.host.node)
    (gone,) = erasures(CLERK)
    assert (gone.outstanding, gone.status) == (False, "left")


def test_word_of_a_withdrawal_is_listed_as_well(pair: Pair) -> None:
    thread = introduced(pair)
    with pair.home.work() as work:
        request = work.requests.get(thread)
        assert request.person is not None
        contact = next(grant for grant in work.consents.of(request.person) if grant.concerns == thread)

    pair.home.withdraw_consent(CLERK, contact.id, Given.PHONE)

    (told,) = ListErasures(pair.home.work, pair.clock)(CLERK)
    assert (told.move, told.outstanding) == (Move.WITHDRAW_CONSENT, True)
    assert pair.home.request(thread).stage is Stage.CONSENT_WITHDRAWN


def test_a_draft_goes_once_its_letter_is_sent_or_forgotten_or_gone(pair: Pair, tmp_path: Path) -> None:
    drafts = FolderOfDrafts(tmp_path / "letters", Composer(""))
    tidy = Tidy(pair.host.work, pair.clock, drafts, SqlShredder(pair.host.engine))
    send = SendLetters(pair.host.work, pair.clock, drafts)
    _, mentee, _ = a_pair_that_agreed(pair.host)
    send(SYSTEM)
    a_pair_that_agreed(pair.host)
    send(SYSTEM)
    assert tidy(SYSTEM).drafts == 0
    with pair.host.work() as work:
        first = work.people.get(work.people.find(PeopleFilter())[0].id)
        assert first.id == mentee
        hers = {letter.id for letter in work.letters.all() if letter.person != mentee}

    pair.host.erase(CLERK, first.id)
    assert tidy(SYSTEM).drafts == 2
    assert len(drafts.letters()) == 2
    last = drafts.letters()[0]
    assert last in hers
    with pair.host.work() as work:
        work.letters.replace(work.letters.get(last).tick_off(pair.clock.now()))

    assert tidy(SYSTEM).drafts == 1
    drafts.discard(LetterId(new_id()))


def test_what_was_deleted_leaves_the_files_or_says_why_not(node_engine: Engine) -> None:
    assert SqlShredder(node_engine).shred() is (
        Shredded.GONE if node_engine.dialect.name == "sqlite" else Shredded.UNREADABLE
    )


def test_a_server_goes_on_taking_people_in_while_the_keys_rotate(
    work: OpenSqlWork, node_engine: Engine, vault: FileVault, tmp_path: Path
) -> None:
    beside = FileVault.open(tmp_path / "keys" / "test.key", lambda: Lock(guard=Guard.BARE, passphrase=None))
    rotate = RotateKeys(unit_of_work(node_engine, beside), beside, FakeClock())
    failed = list[Exception]()
    taken = list[str]()

    def serve() -> None:
        try:
            for _ in range(12):
                person = a_person(Kind.MENTOR)
                with work() as unit:
                    unit.people.add([person])
                    taken.append(unit.people.get(person.id).id)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test tells it
            failed.append(error)

    served = threading.Thread(target=serve)
    served.start()
    for _ in range(3):
        rotate(SYSTEM)
    served.join()

    assert failed == []
    afresh = FileVault.open(tmp_path / "keys" / "test.key", lambda: Lock(guard=Guard.BARE, passphrase=None))
    with unit_of_work(node_engine, afresh)() as unit:
        assert {person.id for person in unit.people.find(PeopleFilter())} == set(taken)
    with work() as unit:
        assert unit.people.count() == len(unit.people.find(PeopleFilter())) == 12
