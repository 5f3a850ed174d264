"""No draft breaks a hard rule: whatever people, rules, pins and bans, over a real database and the exact solver."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from federation.ground.engine import make_engine, sqlite_url
from node.adapters.assignment import solve
from node.adapters.atlas.table import CommunityAtlas
from node.adapters.ids import SystemIds
from node.adapters.occupations.table import OccupationTable
from node.adapters.rules import FILE, RuleFile
from node.adapters.sql.work import SqlUnitOfWork, unit_of_work
from node.adapters.vault.file import FileVault, Lock
from node.adapters.vault.keys import make_keys
from node.domain.actor import SYSTEM
from node.domain.community import Community, CommunityId
from node.domain.language import parse_languages
from node.domain.matching.rules import Drafting, Limits, Rules
from node.domain.mentorship import Mentorship, MentorshipId, Place
from node.domain.person import CIRCLE_MOST, Kind, OccupationCode, Person, PersonId, PersonState, Wish
from node.domain.seat import SeatClaim, SeatId, SeatState
from node.services.drafting.making import MakeDraft
from node.services.drafting.views import DraftPairView, DraftView
from node.services.matching.bench import Benches
from node.services.ports.vault import Guard
from protocol.vocabulary import Mode, Outcome
from tests.support.clock import NOON, FakeClock
from tests.support.migrated import bring_to_head
from tests.support.node import HAT, PROGRAM, WORDS, a_person, a_profile, new_id

REDCLIFF, CALGARY, NOWHERE = (
    Community(id=CommunityId(f"01a00000-0000-7000-8000-00000000010{n}"), name=name)
    for n, name in enumerate(("Redcliff", "Calgary", "Nowhere at all"))
)
Ties = frozenset[tuple[PersonId, PersonId]]


@dataclass(frozen=True, slots=True)
class Town:
    """A program somebody made up: its people, its rules, and what was decided about pairs."""

    people: dict[PersonId, Person]
    rules: Rules
    apart: Ties
    pinned: Ties
    met: Ties
    meeting: Ties

    def may(self, mentee: Person, mentor: Person) -> bool:
        """Every hard rule, said once more in plain words."""
        return all(rule(self, mentee, mentor) for rule in HARD_RULES)


def both_talk(town: Town, mentee: Person, mentor: Person) -> bool:
    spoken = {one.code: one.level for one in mentor.profile.languages}
    levels = [min(one.level, spoken.get(one.code, 0)) for one in mentee.profile.languages]
    return max(levels) >= town.rules.limits.language_level


def both_can_meet(town: Town, mentee: Person, mentor: Person) -> bool:
    modes = {mentee.profile.mode, mentor.profile.mode}
    if Mode.IN_PERSON not in modes:
        return True
    towns = {mentee.profile.community, mentor.profile.community}
    # Redcliff is a few minutes from Medicine Hat, Calgary is hours away; of a place off the map nothing is known.
    far = len(towns) == 2 and CALGARY.id in towns and NOWHERE.id not in towns
    near_but_apart = towns == {HAT.id, REDCLIFF.id} and town.rules.limits.in_person_km == 0
    return Mode.ONLINE not in modes and not far and not near_but_apart


def is_served(town: Town, mentee: Person, _: Person) -> bool:
    limits, arrived = town.rules.limits, mentee.profile.arrived_on
    level = max((one.level for one in mentee.profile.languages if one.code in {"en", "fr"}), default=0)
    here_too_long = limits.eligible_years and arrived and arrived.year < NOON.year - limits.eligible_years - 1
    return level >= limits.eligible_level and not here_too_long


def no_decision_forbids(town: Town, mentee: Person, mentor: Person) -> bool:
    pair = mentee.id, mentor.id
    again = town.rules.limits.same_pair_again or pair in town.pinned
    return pair not in town.apart and (again or pair not in town.met)


def both_take_part(town: Town, mentee: Person, mentor: Person) -> bool:
    busy = {one for one, _ in town.meeting}
    return mentee.id not in busy and {mentee.state, mentor.state} == {PersonState.ACTIVE}


HARD_RULES: tuple[Callable[[Town, Person, Person], bool], ...] = (
    both_talk,
    both_can_meet,
    is_served,
    no_decision_forbids,
    both_take_part,
)


def somebody(random: Random, kind: Kind) -> Person:
    profile = replace(
        a_profile(seats=random.choice((1, 2, 5, 11)) if kind is Kind.MENTOR else 0),
        community=random.choice((HAT, REDCLIFF, CALGARY, NOWHERE)).id,
        occupation=OccupationCode(random.choice(("21300", "22300", "31102"))),
        languages=parse_languages(random.choice(("en:5", "en:9", "en:12; fr", "fr:12", "en:4; uk"))),
        mode=random.choice((*Mode, Mode.EITHER, Mode.EITHER)),
        waiting_since=NOON.date() - timedelta(weeks=random.choice((1, 20, 40))),
        arrived_on=random.choice((None, date(2000, 5, 1), date(2026, 5, 1))),
        wishes=random.choice(((), (Wish.CIRCLE,))),
    )
    state = PersonState.PAUSED if random.random() < 0.1 else PersonState.ACTIVE
    return replace(a_person(kind, profile=profile), state=state)


def a_town(seed: int) -> Town:
    random = Random(seed)
    mentees = [somebody(random, Kind.MENTEE) for _ in range(14)]
    mentors = [somebody(random, Kind.MENTOR) for _ in range(6)]
    pairs = [(mentee.id, mentor.id) for mentee in mentees for mentor in mentors]
    seated = [(e.id, o.id) for e, o in zip(mentees, mentors, strict=False) if o.profile.seats and random.random() < 0.3]
    limits = Limits(
        language_level=random.choice((4, 6)),
        in_person_km=random.choice((0, 60)),
        same_pair_again=random.random() < 0.2,
        eligible_level=random.choice((0, 5)),
        eligible_years=random.choice((0, 5)),
    )
    drafts = Drafting(similar_percent=random.choice((0, 30)), local_seats_percent=random.choice((0, 50)))
    return Town(
        people={person.id: person for person in (*mentees, *mentors)},
        rules=Rules(limits=limits, drafts=drafts),
        apart=frozenset(random.sample(pairs, 8)),
        pinned=frozenset((e.id, random.choice(mentors).id) for e in mentees if random.random() < 0.5),
        met=frozenset(random.sample(pairs, 8)) - frozenset(seated),
        meeting=frozenset(seated),
    )


def settle(unit: SqlUnitOfWork, town: Town) -> None:
    """Write a made-up program down."""
    unit.programs.add(PROGRAM)
    for place in (HAT, REDCLIFF, CALGARY, NOWHERE):
        unit.communities.add(place)
    unit.people.add(list(town.people.values()))
    for mentee, mentor in town.apart:
        unit.exclusions.add(mentee, mentor, NOON)
    for mentee, mentor in town.pinned:
        unit.pins.add(mentee, mentor, NOON)
    for mentee, mentor in (*town.met, *town.meeting):
        pair = Mentorship(
            id=MentorshipId(new_id()), place=Place.LOCAL, opened_at=NOON, mentor=mentor, members=(mentee,)
        )
        unit.mentorships.add(pair)
        if (mentee, mentor) in town.met:
            unit.mentorships.replace(pair.close(Outcome.COMPLETED, NOON))
        else:
            seat = SeatId(new_id())
            unit.seats.claim(SeatClaim(id=seat, mentor=mentor, claimant=pair.id, state=SeatState.USED), NOON)


def drafted(town: Town, folder: Path, vault: FileVault) -> DraftView:
    """The draft of a made-up program, in a database of its own."""
    engine = make_engine(sqlite_url(folder / f"{new_id()}.sqlite3"))
    bring_to_head(engine)
    work, clock = unit_of_work(engine, vault), FakeClock()
    with work() as unit:
        settle(unit, town)
    rules = RuleFile(folder / FILE)
    rules.write(town.rules)
    benches = Benches(
        occupations=OCCUPATIONS, atlas=CommunityAtlas(), rules=rules, clock=clock, zone="America/Edmonton"
    )
    draft = MakeDraft(work=work, reading=work, clock=clock, ids=SystemIds(clock), benches=benches, assigner=solve)(
        SYSTEM
    )
    engine.dispose()
    return draft


OCCUPATIONS = OccupationTable()


def test_no_pair_of_a_draft_breaks_a_hard_rule_and_a_pin_says_that_it_is_one(tmp_path: Path) -> None:
    vault = FileVault.create(tmp_path / "town.key", Lock(guard=Guard.BARE, passphrase=None), make_keys(WORDS))
    seen = Counter[str]()

    @given(st.integers(min_value=0, max_value=10**9))
    @settings(max_examples=20, deadline=None)
    def check(seed: int) -> None:
        town = a_town(seed)
        draft = drafted(town, tmp_path, vault)

        for pair in draft.pairs:
            assert town.may(town.people[pair.mentee], town.people[pair.mentor]), pair
            assert pair.by_hand == ((pair.mentee, pair.mentor) in town.pinned)
            seen["pinned" if pair.by_hand else "found"] += 1
        in_hand = Counter(mentor for _, mentor in town.meeting) + Counter(pair.mentor for pair in draft.pairs)
        for mentor, people in in_hand.items():
            assert people <= places(town.people[mentor], draft.pairs)
        seen["left"] += len(draft.unmatched)

    check()
    assert min(seen["pinned"], seen["found"], seen["left"]) >= 15, "the towns tried were not worth trying"


def places(mentor: Person, pairs: tuple[DraftPairView, ...]) -> int:
    """How many people a mentor can have: in a circle no more than it holds, however many seats she has."""
    circle = Wish.CIRCLE in mentor.profile.wishes and mentor.profile.seats >= 4
    assert all(pair.circle == circle for pair in pairs if pair.mentor == mentor.id)
    return min(mentor.profile.seats, CIRCLE_MOST) if circle else mentor.profile.seats
