"""Words both use for what they specialise in."""

from node.domain.matching.criteria.specialisation import SameSpeciality, special_words
from node.domain.matching.finding import SILENT, Reason
from tests.support.matching import a_candidate

CRITERION = SameSpeciality()


def test_words_are_folded_and_empty_ones_left_out() -> None:
    assert special_words("Design of Bridges, ponts et béton") == {"design", "bridge", "pont", "beton"}
    assert special_words("gas and the oil") == {"gas", "oil"}


def test_shared_words_count_wholly_from_three_on() -> None:
    mentee = CRITERION.trait(a_candidate(specialities=("a", "b", "c", "d")))

    assert [CRITERION.compare(mentee, frozenset(theirs)).share for theirs in ("a", "ab", "abc", "abcd")] == [
        33,
        66,
        100,
        100,
    ]
    assert CRITERION.compare(frozenset("a"), frozenset("ab")).reason is Reason.SHARED_SPECIALITY


def test_another_speciality_speaks_against_and_silence_for_nothing() -> None:
    assert CRITERION.compare(frozenset("a"), frozenset("b")).reason is Reason.OTHER_SPECIALITY
    assert CRITERION.compare(frozenset(), frozenset("b")) is SILENT
    assert CRITERION.compare(frozenset("a"), frozenset()) is SILENT
