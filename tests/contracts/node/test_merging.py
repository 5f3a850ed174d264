"""Two entries of one person in the middle of requests across programs, on both databases."""

from datetime import timedelta
from pathlib import Path

import pytest

from node.adapters.occupations.table import OccupationTable
from node.domain.audit import Act
from node.domain.consent import Purpose
from node.domain.errors import ChangedMeanwhileError
from node.domain.merging import BothAskedError
from node.domain.person import Person, Visibility
from node.domain.request import Move
from node.services.intake.columns import Column
from node.services.merging import MergeChoice, MergePeople
from tests.support.crossing import CLERK, FakeProgram, Pair, asked, introduced, settle


def merge(program: FakeProgram, folder: Path) -> MergePeople:
    return MergePeople(program.work, program.clock, OccupationTable(folder))


def choice(kept: Person, gone: Person, *columns: Column, version: int = 1) -> MergeChoice:
    return MergeChoice(kept=kept.id, gone=gone.id, from_gone=columns, kept_version=1, gone_version=version)


def test_two_who_are_asked_for_elsewhere_become_one_only_after_one_request_is_closed(
    pair: Pair, tmp_path: Path
) -> None:
    one, other = pair.home.mentee(), pair.home.mentee()
    first, second = asked(pair, one), asked(pair, other)
    become_one = merge(pair.home, tmp_path)

    with pytest.raises(BothAskedError):
        become_one(CLERK, choice(one, other))
    pair.home.end(CLERK, second, Move.WITHDRAW)
    settle(pair.home, pair.host)
    with pytest.raises(ChangedMeanwhileError):
        become_one(CLERK, choice(one, other, version=2))
    assert become_one(CLERK, choice(one, other, Column.EMAIL)).problems == ()

    with pair.home.work() as work:
        assert {request.id for request in work.requests.of(one.id)} == {first, second}
        assert work.people.get(one.id).contact.email == other.contact.email
        assert len(work.consents.of(one.id)) == 2
        assert work.ledger.all()[-1].act is Act.PEOPLE_MERGED
        assert work.ledger.all()[-1].subject == ""
    assert pair.home.verify(CLERK).holds
    erased = pair.home.erase(CLERK, one.id)
    assert {told.request for told in erased.told} == {first, second}


def test_a_mentor_takes_seat_mentorship_and_letters_over(pair: Pair, tmp_path: Path) -> None:
    thread = introduced(pair)
    (view,) = pair.host.requests()
    assert view.person is not None
    kept = pair.host.mentor(seats=2)
    with pair.host.work() as work:
        gone = work.people.get(view.person)

    merge(pair.host, tmp_path)(CLERK, choice(kept, gone))

    with pair.host.work() as work:
        (met,) = work.mentorships.of(kept.id)
        assert met.thread == thread
        assert work.seats.of(kept.id, pair.clock.now()).used == 1
        letters = [letter for letter in work.letters.all() if letter.person == kept.id]
        assert [letter.other is not None for letter in letters] == [True]
        assert work.requests.get(thread).person == kept.id
    assert pair.host.disclosures(CLERK, kept.id).learned
    assert pair.host.verify(CLERK).holds


def test_one_of_two_keeps_the_history_of_both_and_the_ledger_goes_on_vouching_for_it(
    pair: Pair, tmp_path: Path
) -> None:
    host = pair.host
    kept, gone, last = host.mentor(), host.mentor(), host.mentor()
    for mentor, level in ((gone, Visibility.MAY_OFFER), (kept, Visibility.ONLY_HERE), (last, Visibility.MAY_OFFER)):
        host.agrees(mentor.id, Purpose.STANDING)
        pair.clock.advance(timedelta(hours=1))
        host.set_visibility(CLERK, mentor.id, level)
    become_one = merge(host, tmp_path)

    for stays, goes in ((kept, gone), (last, kept)):
        with host.work() as work:
            versions = [work.people.get(one.id).version for one in (stays, goes)]
        become_one(
            CLERK,
            MergeChoice(kept=stays.id, gone=goes.id, from_gone=(), kept_version=versions[0], gone_version=versions[1]),
        )

    history = [change.level for change in host.disclosures(CLERK, last.id).history]
    assert history == [Visibility.MAY_OFFER, Visibility.ONLY_HERE, Visibility.MAY_OFFER]
    assert host.verify(CLERK).holds
    host.erase(CLERK, last.id)
    with host.work() as work:
        assert not work.visibilities.witnessed()
