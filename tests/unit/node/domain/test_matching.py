"""Hard rules, scores with their parts, reasons for and against."""

from collections.abc import Set as AbstractSet
from dataclasses import replace

from node.domain.community import CommunityId
from node.domain.language import parse_languages
from node.domain.matching import HIGHEST, Assessment, Obstacle, Reason, assess
from node.domain.person import Candidate, Kind, OccupationCode, PersonId
from protocol.vocabulary import Mode, Topic
from tests.support.node import a_person

MENTEE = a_person().as_candidate()
MENTOR = a_person(Kind.MENTOR).as_candidate()


def weighed(
    mentee: Candidate = MENTEE,
    mentor: Candidate = MENTOR,
    *,
    free_seats: int = 1,
    kept_apart: AbstractSet[PersonId] = frozenset(),
) -> Assessment:
    return assess(mentee, mentor, free_seats=free_seats, kept_apart=kept_apart)


def with_topics(person: Candidate, *topics: Topic) -> Candidate:
    return replace(person, profile=replace(person.profile, topics=topics))


def test_the_same_occupation_in_the_same_community_suits_best() -> None:
    slots = ("mon-evening",)
    ideal = [replace(p, profile=replace(p.profile, topics=(Topic.RESUME,), slots=slots)) for p in (MENTEE, MENTOR)]
    found = weighed(*ideal)

    assert found.fit == HIGHEST
    assert found.obstacles == ()
    assert found.reasons_against == ()
    assert set(found.reasons_for) == {
        Reason.SAME_UNIT_GROUP,
        Reason.SHARED_TOPICS,
        Reason.SHARED_HOURS,
        Reason.SAME_COMMUNITY,
        Reason.EASY_TALK,
    }


def test_a_near_occupation_suits_less_than_the_same_and_more_than_another() -> None:
    fits = [
        weighed(mentor=replace(MENTOR, profile=replace(MENTOR.profile, occupation=OccupationCode(code)))).fit
        for code in ("21300", "21301", "21320", "31102")
    ]

    assert fits == sorted(fits, reverse=True)
    assert len(set(fits)) == 4


def test_another_occupation_speaks_against() -> None:
    doctor = replace(MENTOR, profile=replace(MENTOR.profile, occupation=OccupationCode("31102")))

    assert Reason.OTHER_OCCUPATION in weighed(mentor=doctor).reasons_against


def test_shared_topics_count_by_their_share_and_silence_counts_half() -> None:
    wanting = with_topics(MENTEE, Topic.RESUME, Topic.LICENSING)
    half = weighed(wanting, with_topics(MENTOR, Topic.RESUME))
    none = weighed(wanting, with_topics(MENTOR, Topic.NETWORKING))

    assert half.fit == weighed(wanting).fit == none.fit + 75
    assert Reason.NO_SHARED_TOPIC in none.reasons_against


def test_in_person_only_in_another_community_speaks_against() -> None:
    away = replace(MENTOR.profile, community=CommunityId("elsewhere"))

    assert Reason.FAR_APART not in weighed(mentor=replace(MENTOR, profile=away)).reasons_against
    in_person = replace(MENTOR, profile=replace(away, mode=Mode.IN_PERSON))
    assert Reason.FAR_APART in weighed(mentor=in_person).reasons_against


def test_a_shared_language_that_is_hard_for_one_speaks_against() -> None:
    beginner = replace(MENTEE, profile=replace(MENTEE.profile, languages=parse_languages("en:5")))

    assert Reason.HARD_TALK in weighed(beginner).reasons_against


def test_every_hard_rule_is_named() -> None:
    french = replace(MENTOR.profile, languages=parse_languages("fr"), mode=Mode.ONLINE)
    mentee = replace(MENTEE, profile=replace(MENTEE.profile, mode=Mode.IN_PERSON), taking_part=False)

    found = weighed(mentee, replace(MENTOR, profile=french), free_seats=0, kept_apart={MENTOR.id})

    assert set(found.obstacles) == set(Obstacle)
