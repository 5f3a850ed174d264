"""The ports of matching: `Atlas` and `RuleBook` over their files, `Pins` and `Drafts` on both databases, and what a
bench reads of `People`, `SeatBook`, `Exclusions` and `Mentorships`."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from node.adapters.atlas.table import CommunityAtlas
from node.adapters.rules import FILE, RuleFile
from node.domain.actor import UserId
from node.domain.drafts import (
    AskedDraft,
    Change,
    Draft,
    DraftId,
    DraftPair,
    DraftState,
    Figures,
    NotInDraftError,
    UnknownDraftError,
    Unmatched,
    Why,
)
from node.domain.errors import AlreadyPinnedError, ChangedMeanwhileError, NotPinnedError
from node.domain.matching.rules import Drafting, Limits, Rules, UnreadableRulesError, Weights
from node.domain.mentorship import Mentorship, MentorshipId, Place
from node.domain.person import Contact, Kind, Person, PersonId, PersonState
from node.domain.seat import SeatClaim, SeatId, SeatState
from node.services.ports.crossing import Met
from node.services.ports.draft_boards import Difference, DraftBoards, Filled, Tally
from protocol.vocabulary import Outcome
from tests.support.clock import NOON
from tests.support.node import OpenSqlWork, a_person, a_profile, new_id

FIGURES = Figures(
    mentees=2, seats=1, matched=1, fit=7, by_tier=(1, 0, 0), greedy_matched=1, greedy_fit=7, greedy_by_tier=(1, 0, 0)
)
PAT = UserId("pat")


@pytest.fixture
def people(work: OpenSqlWork) -> tuple[Person, Person, Person]:
    two, mentor = (a_person(), a_person()), a_person(Kind.MENTOR)
    with work() as unit:
        unit.people.add([*two, mentor])
    return *two, mentor


def a_draft(state: DraftState = DraftState.STAGED) -> Draft:
    return Draft(id=DraftId(new_id()), made_at=NOON, made_by=PAT, edited_by=PAT, figures=FIGURES, state=state)


@pytest.mark.parametrize(
    ("name", "region", "zone"),
    [
        ("Medicine Hat", "Alberta", "America/Edmonton"),
        ("maple creek", "Alberta", "America/Regina"),
        ("Lloydminster", "Saskatchewan", "America/Edmonton"),
        ("Saint-Albert", "AB", "America/Edmonton"),
        ("Windsor, N.-É.", "Alberta", "America/Halifax"),
        ("Montreal", "", "America/Toronto"),
    ],
)
def test_a_community_is_found_as_people_write_it(name: str, region: str, zone: str) -> None:
    spot = CommunityAtlas().locate(name, region)

    assert spot is not None
    assert spot.zone == zone


@pytest.mark.parametrize("name", ["Windsor", "Nowhere", "Windsor, Alberta"])
def test_what_is_unknown_or_could_be_two_places_is_not_on_the_map(name: str) -> None:
    assert CommunityAtlas().locate(name, "Alberta") is None


def test_rules_are_kept_in_a_file_a_person_can_edit(tmp_path: Path) -> None:
    book = RuleFile(tmp_path / FILE)
    assert book.read() == Rules()
    changed = Rules(
        weights=Weights(topics=7), limits=Limits(same_pair_again=True), drafts=Drafting(local_seats_percent=20)
    )
    book.write(changed)

    assert book.read() == changed
    assert "topics = 7" in (tmp_path / FILE).read_text("utf-8")
    (tmp_path / FILE).write_bytes(b"\xff")
    with pytest.raises(UnreadableRulesError):
        book.read()


def test_a_pin_holds_one_mentor_and_goes_with_either_person(
    work: OpenSqlWork, people: tuple[Person, Person, Person]
) -> None:
    mentee, other, mentor = people
    with work() as unit:
        unit.pins.add(mentee.id, mentor.id, NOON)
        with pytest.raises(AlreadyPinnedError):
            unit.pins.add(mentee.id, other.id, NOON)
        assert unit.pins.all() == {(mentee.id, mentor.id)}
        unit.pins.add(other.id, mentor.id, NOON)
        unit.pins.remove(other.id, mentor.id)
        with pytest.raises(NotPinnedError):
            unit.pins.remove(other.id, mentor.id)
        unit.people.erase(mentor.id)
        assert unit.pins.all() == frozenset()


def test_a_draft_is_kept_changed_and_forgets_the_erased(
    work: OpenSqlWork, people: tuple[Person, Person, Person]
) -> None:
    mentee, other, mentor = people
    draft = a_draft()
    pair = DraftPair(mentee=mentee.id, mentor=mentor.id, tier=0, fit=7)
    left = Unmatched(mentee=other.id, tier=2, why=Why.CLOSER_FIT, cutoff=9, own=8)
    with work() as unit:
        unit.drafts.add(draft, [pair], [left])
    with work() as unit:
        assert unit.drafts.get(draft.id) == draft
        assert (unit.drafts.pairs(draft.id), unit.drafts.unmatched(draft.id)) == ((pair,), (left,))
        by_hand = replace(pair, mentee=other.id, by_hand=True)
        unit.drafts.put(draft.id, by_hand)
        unit.drafts.take_out(draft.id, replace(left, mentee=mentee.id, why=Why.SEAT_FREE, cutoff=None, own=None))
        assert unit.drafts.pairs(draft.id) == (by_hand,)
        assert [one.mentee for one in unit.drafts.unmatched(draft.id)] == [mentee.id]
        unit.drafts.replace(draft.edit(UserId("ben")))
        assert unit.drafts.get(draft.id) == replace(draft, edited_by=UserId("ben"), version=2)
        with pytest.raises(ChangedMeanwhileError):
            unit.drafts.replace(draft)
        with pytest.raises(UnknownDraftError):
            unit.drafts.get(DraftId("nothing"))
        unit.people.erase(mentor.id)
        assert unit.drafts.pairs(draft.id) == ()


def test_a_draft_that_is_asked_for_is_claimed_by_one_until_its_lease_ends(work: OpenSqlWork) -> None:
    soon, later = NOON + timedelta(minutes=1), NOON + timedelta(minutes=5)
    first, second = (AskedDraft(id=DraftId(name), by=UserId("ann"), at=NOON) for name in ("a", "b"))
    with work() as unit:
        assert unit.drafts.asked() is None
        assert unit.drafts.claim(NOON, later) is None
        unit.drafts.ask(second)
        unit.drafts.ask(first)
    with work() as unit:
        assert unit.drafts.asked() == first
        claimed = [replace(one, tries=1, claimed_until=later) for one in (first, second)]
        assert [unit.drafts.claim(NOON, later) for _ in range(3)] == [*claimed, None]
    with work() as unit:
        assert unit.drafts.claim(soon, later) is None
        until = later + timedelta(minutes=5)
        assert unit.drafts.claim(later, until) == replace(first, tries=2, claimed_until=until)
        assert unit.drafts.fulfil(first.id)
        assert not unit.drafts.fulfil(first.id)
        assert unit.drafts.asked() == claimed[1]


def test_a_draft_that_cannot_be_made_is_tried_three_times(work: OpenSqlWork) -> None:
    with work() as unit:
        unit.drafts.ask(AskedDraft(id=DraftId("a"), by=UserId("ann"), at=NOON))
    lease = timedelta(minutes=5)
    for number in range(3):
        with work() as unit:
            assert unit.drafts.claim(NOON + number * lease, NOON + (number + 1) * lease) is not None
    with work() as unit:
        found = unit.drafts.asked()
        assert found is not None
        assert (found.has_failed(NOON + 2 * lease), found.has_failed(NOON + 3 * lease)) == (False, True)
        assert unit.drafts.claim(NOON + 3 * lease, NOON + 4 * lease) is None


def test_the_newest_draft_and_the_one_before_are_found(work: OpenSqlWork) -> None:
    thrown, first, second = a_draft(DraftState.DISCARDED), a_draft(), a_draft(DraftState.PUBLISHED)
    with work() as unit:
        assert unit.drafts.last(*DraftState) is None
        for draft in (first, thrown, second):
            unit.drafts.add(draft, [], [])
        assert unit.drafts.last(DraftState.PUBLISHED, DraftState.STAGED) == second
        assert unit.drafts.before(second) == first
        assert unit.drafts.before(thrown) is None or unit.drafts.before(thrown) == first
        assert unit.drafts.before(first) is None


def test_the_stamp_of_a_kind_changes_with_everybody_of_it(
    work: OpenSqlWork, people: tuple[Person, Person, Person]
) -> None:
    _, other, mentor = people
    stamps = []
    with work() as unit:
        stamps.append(unit.people.stamp(Kind.MENTOR))
        unit.people.replace(other)
        assert unit.people.stamp(Kind.MENTOR) == stamps[0]
        unit.people.replace(mentor)
        stamps.append(unit.people.stamp(Kind.MENTOR))
        unit.people.erase(mentor.id)
        stamps.append(unit.people.stamp(Kind.MENTOR))
        unit.people.add([a_person(Kind.MENTOR)])
        stamps.append(unit.people.stamp(Kind.MENTOR))

    assert len(set(stamps)) == 4


def test_equal_words_of_a_speciality_are_equal_tokens_and_name_nothing(work: OpenSqlWork) -> None:
    one, other = (
        a_person(contact=Contact(name=name, specialisation=text))
        for name, text in (("Ada", "Bridges"), ("Bea", "bridge and soil"))
    )
    with work() as unit:
        unit.people.add([one, other])
        tokens = [set(unit.people.get(person.id).profile.specialities) for person in (one, other)]

    assert len(tokens[0]) == 1
    assert tokens[0] < tokens[1]
    assert not any("bridge" in token for token in tokens[1])


def test_seats_that_are_taken_are_counted_without_reading_mentors(
    work: OpenSqlWork, people: tuple[Person, Person, Person]
) -> None:
    mentor = people[2]
    claim = SeatClaim(
        id=SeatId(new_id()),
        mentor=mentor.id,
        claimant="thread",
        state=SeatState.HELD,
        held_until=NOON + timedelta(days=14),
    )
    with work() as unit:
        assert unit.seats.taken(NOON) == {}
        unit.seats.claim(claim, NOON)

        assert unit.seats.taken(NOON) == {mentor.id: 1}
        assert unit.seats.taken(NOON + timedelta(days=14)) == {}


def test_who_is_kept_apart_and_who_met_whom_is_read_at_once(
    work: OpenSqlWork, people: tuple[Person, Person, Person]
) -> None:
    mentee, other, mentor = people
    pair = Mentorship(
        id=MentorshipId(new_id()), place=Place.LOCAL, opened_at=NOON, mentor=mentor.id, members=(mentee.id,)
    )
    outside = Mentorship(id=MentorshipId(new_id()), place=Place.HOME, opened_at=NOON, mentor=None, members=(other.id,))
    later = NOON + timedelta(days=1)
    with work() as unit:
        unit.exclusions.add(other.id, mentor.id, NOON)
        unit.mentorships.add(pair)
        unit.mentorships.add(outside)
        unit.mentorships.replace(pair.close(Outcome.COMPLETED, later))

        assert unit.exclusions.all() == {(other.id, mentor.id)}
        assert unit.mentorships.met(mentee.id) == {mentor.id}
        assert unit.mentorships.met(other.id) == frozenset()
        assert unit.mentorships.meetings() == (
            Met(mentee=mentee.id, mentor=mentor.id, active=False, until=later),
            Met(mentee=other.id, mentor=None, active=True, until=NOON),
        )


def test_what_was_changed_by_hand_is_remembered_in_order_and_goes_with_whom_it_was_about(
    work: OpenSqlWork, people: tuple[Person, Person, Person]
) -> None:
    mentee, other, mentor = people
    draft = a_draft()
    pair = DraftPair(mentee=mentee.id, mentor=mentor.id, tier=0, fit=7, by_hand=True, one_by_one=5)
    left = Unmatched(mentee=other.id, tier=2, why=Why.CLOSER_FIT, cutoff=9, own=8, one_by_one=0)
    changes = (
        Change(number=1, before=pair, by=PAT, at=NOON),
        Change(number=2, before=left, by=PAT, at=NOON),
        Change(number=3, before=pair, by=PAT, at=NOON, undoes=1),
    )
    with work() as unit:
        unit.drafts.add(draft, [pair], [left])
        for change in changes:
            unit.drafts.add_change(draft.id, change)
        assert unit.drafts.changes(draft.id) == changes
        assert (unit.drafts.pairs(draft.id), unit.drafts.unmatched(draft.id)) == ((pair,), (left,))
        unit.people.erase(mentor.id)
        assert unit.drafts.changes(draft.id) == changes[1:2]


def test_a_draft_is_counted_compared_and_read_part_by_part(work: OpenSqlWork) -> None:
    mentees = [a_person() for _ in range(5)]
    mary, omar = a_person(Kind.MENTOR), a_person(Kind.MENTOR)
    ann, bea, cleo, dora, eve = (one.id for one in mentees)
    pairs = (
        DraftPair(mentee=ann, mentor=mary.id, tier=0, fit=7, by_hand=True, one_by_one=5),
        DraftPair(mentee=bea, mentor=mary.id, tier=0, fit=4, one_by_one=4),
        DraftPair(mentee=cleo, mentor=omar.id, tier=1, fit=3, one_by_one=9),
    )
    left = (
        Unmatched(mentee=eve, tier=0, why=Why.NOBODY, one_by_one=0),
        Unmatched(mentee=dora, tier=1, why=Why.LONGER_WAIT, one_by_one=6),
    )
    earlier, draft = a_draft(), a_draft()
    before = (
        DraftPair(mentee=ann, mentor=omar.id, tier=0, fit=9),
        DraftPair(mentee=dora, mentor=mary.id, tier=0, fit=1),
    )
    with work() as unit:
        unit.people.add([*mentees, mary, replace(omar, state=PersonState.PAUSED)])
        unit.drafts.add(earlier, before, ())
        unit.drafts.add(draft, pairs, left)
        boards: DraftBoards = unit.drafts.boards

        assert sorted(boards.tallies(draft.id), key=lambda one: (one.tier, one.why or "")) == [
            Tally(tier=0, why=None, people=2, fit=11, by_hand=1, simply=2),
            Tally(tier=0, why=Why.NOBODY, people=1, fit=0, by_hand=0, simply=1),
            Tally(tier=1, why=None, people=1, fit=3, by_hand=0, simply=1),
            Tally(tier=1, why=Why.LONGER_WAIT, people=1, fit=0, by_hand=0, simply=1),
        ]
        assert {one.simply for one in boards.tallies(earlier.id)} == {0}
        assert boards.filled(draft.id) == {mary.id: Filled(2, 1), omar.id: Filled(1, 0)}
        assert boards.seated(draft.id, [mary.id]) == pairs[:2]
        assert boards.left(draft.id, None, 5) == left
        assert boards.left(draft.id, eve, 5) == left[1:]
        assert boards.left(draft.id, ann, 1) == left[:1]
        assert (boards.standing(draft.id, bea), boards.standing(draft.id, eve)) == (pairs[1], left[0])
        assert (boards.reached(draft.id), boards.reached(DraftId("none"))) == ((3, 14), (0, 0))
        assert boards.away(draft.id) == {cleo}
        assert boards.couples(draft.id) == tuple((pair.mentee, pair.mentor) for pair in pairs)
        simply, last = boards.beside(draft.id, None, 1), boards.beside(draft.id, earlier.id, 9)
        with pytest.raises(NotInDraftError):
            boards.standing(earlier.id, eve)

    loses = Difference(mentee=cleo, before=9, after=3, mentor=omar.id, why=None)
    assert (simply.gaining, simply.losing, simply.losses) == (1, 2, (loses,))  # as much as the other, and here earlier
    assert [(one.mentee, one.before, one.after) for one in last.gains] == [(bea, 0, 4), (cleo, 0, 3)]
    assert [(one.mentee, one.before, one.why) for one in last.losses] == [(ann, 9, None), (dora, 1, Why.LONGER_WAIT)]


def test_who_meets_is_told_of_some_or_of_all(work: OpenSqlWork, people: tuple[Person, Person, Person]) -> None:
    mentee, other, mentor = people
    pair = Mentorship(
        id=MentorshipId(new_id()), place=Place.LOCAL, opened_at=NOON, mentor=mentor.id, members=(mentee.id,)
    )
    with work() as unit:
        unit.mentorships.add(pair)
        assert (len(unit.mentorships.meetings([mentee.id])), unit.mentorships.meetings([other.id])) == (1, ())
        assert unit.mentorships.busy() == {mentee.id}
        unit.mentorships.replace(pair.close(Outcome.COMPLETED, NOON))
        assert unit.mentorships.busy() == frozenset()


def test_who_waits_is_read_by_the_page_the_longest_wait_first(work: OpenSqlWork) -> None:
    since = [date(2026, 3, 2), None, date(2026, 1, 5), date(2026, 3, 2), None]
    waiting = [replace(a_person(), profile=replace(a_profile(), waiting_since=day)) for day in since]
    met, mentor = a_person(), a_person(Kind.MENTOR)
    pair = Mentorship(id=MentorshipId(new_id()), place=Place.LOCAL, opened_at=NOON, mentor=mentor.id, members=(met.id,))
    with work() as unit:
        unit.people.add([*waiting, met, mentor])
        unit.mentorships.add(pair)
        expected = [waiting[place].id for place in (2, 0, 3, 1, 4)]
        assert unit.desk.waiting(9, None) == tuple(expected)
        found: list[PersonId] = []
        after = None
        while page := unit.desk.waiting(2, after):
            found += page
            after = page[-1]
        assert found == expected
        assert unit.desk.count_waiting() == 5
        assert unit.desk.count_waiting([waiting[0].id, met.id]) == 4
        assert unit.people.several([met.id, PersonId("nobody")]) == {met.id: unit.people.get(met.id)}
        unit.mentorships.replace(pair.close(Outcome.COMPLETED, NOON))
        assert unit.desk.count_waiting() == 6
