"""The scale and the pool: a score is the sum of its parts, one pair or many, and the best are really the best."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from node.domain.language import parse_languages
from node.domain.matching import pool as pools
from node.domain.matching import scale as scales
from node.domain.matching.finding import Aspect, Obstacle
from node.domain.matching.pool import Pool
from node.domain.matching.rules import Drafting, Limits, Rules, Weights
from node.domain.person import Candidate, Kind, OccupationCode, Wish
from protocol.vocabulary import Mode, Topic
from tests.support.matching import BEARINGS, CALGARY, HAT, NOWHERE, REDCLIFF, a_candidate, a_scale

SLOTS = ("mon-evening", "tue-morning", "sat-afternoon")


def somebody(random: Random, kind: Kind) -> Candidate:
    return a_candidate(
        kind,
        community=random.choice((HAT, REDCLIFF, CALGARY, NOWHERE)),
        occupation=OccupationCode(random.choice(("21300", "21301", "21320", "31102"))),
        languages=parse_languages(random.choice(("en:5", "en:9", "fr:12", "en:4; uk"))),
        mode=random.choice(tuple(Mode)),
        topics=tuple(random.sample(tuple(Topic), random.randint(0, 2))),
        slots=tuple(random.sample(SLOTS, random.randint(0, 2))),
        years_experience=random.choice((None, 1, 20)),
        wishes=tuple(random.sample(tuple(Wish), random.randint(0, 1))),
    )


@given(st.integers(min_value=0, max_value=10**9))
@settings(max_examples=60, deadline=None)
def test_one_pair_and_many_are_weighed_alike(seed: int) -> None:
    random = Random(seed)
    scale = a_scale()
    mentee = somebody(random, Kind.MENTEE)
    pool = Pool(scale, [somebody(random, Kind.MENTOR) for _ in range(random.randint(0, 12))])
    fits = [scale.fit(mentee, mentor) for mentor in pool.mentors]
    forbidden = pool.forbidden(mentee)

    assert fits == [sum(part.points for part in scale.parts(mentee, mentor)) for mentor in pool.mentors]
    assert [scale.named(bits) for bits in forbidden] == [scale.obstacles(mentee, mentor) for mentor in pool.mentors]
    best = pool.best(mentee, 4, lambda place: not forbidden[place])
    expected = sorted((-fit, place) for place, fit in enumerate(fits) if not forbidden[place])[:4]
    assert best == [(place, -fit) for fit, place in expected]
    assert list(pool.open_to(mentee)) == [place for place, _ in pool.allowed(mentee)]
    assert dict(pool.allowed(mentee)) == {
        place: fit
        for place, fit in enumerate(fits)
        if not forbidden[place] and pool.mentors[place].profile.occupation in pool.similar(mentee.profile.occupation)
    }


def test_what_is_remembered_of_mentees_who_are_alike_stays_small_and_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "_MOST_ALIKE", 1)
    mentors = [a_candidate(Kind.MENTOR, occupation=OccupationCode(code)) for code in ("21300", "31102")]
    engineer, doctor = (a_candidate(Kind.MENTEE, occupation=mentor.profile.occupation) for mentor in mentors)
    pool = Pool(a_scale(), mentors)

    assert [pool.open_to(mentee) for mentee in (engineer, doctor, engineer)] == [(0,), (1,), (0,)]


def test_who_cannot_come_among_the_best_is_not_weighed_to_the_end() -> None:
    near = [a_candidate(Kind.MENTOR, topics=(topic,)) for topic in Topic]
    doctors = [a_candidate(Kind.MENTOR, occupation=OccupationCode("31102")) for _ in range(200)]
    pool = Pool(a_scale(), [*doctors, *near])
    mentee = a_candidate(topics=(Topic.RESUME,))

    ((first, fit), *others) = pool.best(mentee, 2, lambda _: True)

    assert pool.mentors[first].profile.topics == (Topic.RESUME,)
    assert fit > others[0][1] > 0
    assert Pool(a_scale(), []).best(mentee, 2, lambda _: True) == []


def test_an_ideal_pair_has_every_point_but_those_of_what_nobody_said() -> None:
    scale = a_scale(Rules(weights=Weights(preferences=0, specialisation=0)))
    traits: dict[str, object] = {
        "languages": parse_languages("en:12"),
        "topics": (Topic.RESUME,),
        "slots": ("mon-evening",),
        "years_experience": 3,
    }
    mentor = a_candidate(Kind.MENTOR, **{**traits, "years_experience": 30})

    assert scale.fit(a_candidate(Kind.MENTEE, **traits), mentor) == 900
    assert {part.aspect for part in scale.parts(a_candidate(), mentor)} == set(Aspect) - {
        Aspect.PREFERENCES,
        Aspect.SPECIALISATION,
        Aspect.WAITING,
    }


def test_every_hard_rule_is_named() -> None:
    scale = a_scale(Rules(limits=Limits(eligible_level=9)))
    mentee = a_candidate(mode=Mode.IN_PERSON)
    mentor = a_candidate(languages=parse_languages("fr"), mode=Mode.ONLINE, community=CALGARY)

    assert scale.obstacles(mentee, mentor) == (
        Obstacle.LANGUAGE,
        Obstacle.MODE,
        Obstacle.DISTANCE,
        Obstacle.ELIGIBILITY,
    )
    assert [scale.bit(obstacle) for obstacle in scale.obstacles(mentee, mentor)] == [1, 2, 4, 8]


def test_a_draft_asks_how_similar_an_occupation_must_be() -> None:
    engineers = [a_candidate(Kind.MENTOR, occupation=OccupationCode(code)) for code in ("21300", "21301", "21320")]
    strict = Pool(a_scale(Rules(drafts=Drafting(similar_percent=60))), engineers)

    assert [place for place, _ in strict.allowed(a_candidate())] == [0, 1]
    assert strict.has_exact(OccupationCode("21300"))
    assert not strict.has_exact(OccupationCode("31102"))


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scales, "_MOST_ROWS", 1)
    scale = a_scale()
    mentor = a_candidate(Kind.MENTOR)
    mentees = [a_candidate(occupation=OccupationCode(code)) for code in ("21300", "31102", "21300")]

    fits = [scale.fit(mentee, mentor) for mentee in mentees]

    assert fits[0] == fits[2] > fits[1]


def test_the_map_tells_zones_and_distances() -> None:
    assert BEARINGS.km(HAT, HAT) == 0
    assert BEARINGS.km(HAT, NOWHERE) is None
    assert BEARINGS.zone_of("", NOWHERE) == "America/Edmonton"
