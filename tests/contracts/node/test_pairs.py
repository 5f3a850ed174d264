"""What a pair keeps beside its agreement (port `PairBook`), and lists of pairs, on both databases."""

from datetime import timedelta

import pytest

from node.domain.actor import Participant
from node.domain.mentorship import MentorshipId, MentorshipState, UnknownMentorshipError
from node.domain.pair import NoteId, PlanId, Reach, UnknownNoteError, UnknownPlanError
from node.services.mentorship.noting import AddNote, SettleNote
from node.services.mentorship.pair import ListPairs, ShowOwnPage, ShowPair
from node.services.mentorship.planning import CallOffMeeting, PlanMeeting
from protocol.vocabulary import Outcome
from tests.support.crossing import CLERK, FakeProgram, Pair


def together(program: FakeProgram) -> tuple[MentorshipId, Participant, Participant]:
    mentee, mentor = program.mentee(), program.mentor()
    begun = program.approve(CLERK, mentee.id, mentor.id)
    return begun.id, Participant(mentee.id), Participant(mentor.id)


def test_a_note_is_kept_sealed_for_those_it_is_for_until_it_is_seen_to(pair: Pair) -> None:
    home = pair.home
    mentorship, mentee, mentor = together(home)
    add = AddNote(home.work, home.clock, home.ids)
    show = ShowPair(home.work, home.clock)

    told = add(mentee, mentorship, " He never answers ", Reach.COORDINATOR)
    add(mentor, mentorship, "Bring the guide", Reach.SHARED)
    add(mentor, mentorship, "A shy person", Reach.PRIVATE)

    assert {note.words for note in show(mentee, mentorship).notes} == {"He never answers", "Bring the guide"}
    assert {note.words for note in show(mentor, mentorship).notes} == {"Bring the guide", "A shy person"}
    assert {note.words for note in show(CLERK, mentorship).notes} == {"He never answers", "Bring the guide"}
    with home.work() as work:
        assert [note.id for note in work.pairs.waiting()] == [told.id]
    SettleNote(home.work, home.clock)(CLERK, mentorship, told.id)
    with home.work() as work:
        assert work.pairs.waiting() == ()
        assert work.pairs.note(told.id).settled_at == home.clock.now()


def test_a_private_note_is_settled_by_nobody_else_and_an_unknown_one_by_nobody(pair: Pair) -> None:
    home = pair.home
    mentorship, mentee, _ = together(home)
    private = AddNote(home.work, home.clock, home.ids)(mentee, mentorship, "Mine", Reach.PRIVATE)

    for note in (private.id, NoteId("nowhere")):
        with pytest.raises(UnknownNoteError):
            SettleNote(home.work, home.clock)(CLERK, mentorship, note)


def test_a_planned_meeting_is_seen_until_it_is_over_or_called_off(pair: Pair) -> None:
    home = pair.home
    mentorship, mentee, mentor = together(home)
    plan = PlanMeeting(home.work, home.clock, home.ids)
    show = ShowPair(home.work, home.clock)
    soon = plan(mentee, mentorship, home.clock.now() + timedelta(days=1), 60, "Library")
    later = plan(mentor, mentorship, home.clock.now() + timedelta(days=9), 45, "")

    assert show(mentor, mentorship).plans == (soon, later)
    CallOffMeeting(home.work, home.clock)(mentor, mentorship, soon.id)
    assert show(mentee, mentorship).plans == (later,)
    with pytest.raises(UnknownPlanError):
        CallOffMeeting(home.work, home.clock)(mentor, mentorship, soon.id)
    with home.work() as work, pytest.raises(UnknownPlanError):
        work.pairs.remove_plan(PlanId("nowhere"))
    home.clock.advance(timedelta(days=10))
    assert show(mentee, mentorship).plans == ()


def test_to_somebody_else_a_pair_does_not_exist(pair: Pair) -> None:
    home = pair.home
    mentorship, _, _ = together(home)
    stranger = Participant(home.mentee().id)

    for act in (
        lambda: ShowPair(home.work, home.clock)(stranger, mentorship),
        lambda: AddNote(home.work, home.clock, home.ids)(stranger, mentorship, "Hello", Reach.SHARED),
        lambda: PlanMeeting(home.work, home.clock, home.ids)(stranger, mentorship, home.clock.now(), 60, ""),
    ):
        with pytest.raises(UnknownMentorshipError):
            act()


def test_pairs_are_listed_newest_first_a_page_at_a_time_and_to_each_person_hers(pair: Pair) -> None:
    home = pair.home
    begun = []
    for _ in range(3):
        begun.append(together(home))
        home.clock.advance(timedelta(hours=1))
    home.close(CLERK, begun[0][0], Outcome.COMPLETED)
    pairs = ListPairs(home.work, home.clock)

    first = pairs(CLERK, ended=False, limit=1)
    second = pairs(CLERK, ended=False, after=first.after, limit=1)

    assert [line.id for line in (*first.lines, *second.lines)] == [begun[2][0], begun[1][0]]
    assert second.after is None
    assert [line.state for line in pairs(CLERK, ended=True).lines] == [MentorshipState.CLOSED]
    own = ShowOwnPage(home.work, home.clock)(begun[1][1])
    assert [one.id for one in own.pairs] == [begun[1][0]]
    assert own.pairs[0].others != (own.name,)
