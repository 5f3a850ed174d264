"""What each of the two would like in the other."""

import pytest

from node.domain.language import parse_languages
from node.domain.matching.criteria.preferences import Wishes
from node.domain.matching.finding import SILENT, Reason
from node.domain.person import Kind, OccupationCode, Wish
from protocol.vocabulary import Mode
from tests.support.matching import BEARINGS, CALGARY, NOWHERE, REDCLIFF, a_candidate

CRITERION = Wishes(BEARINGS)


@pytest.mark.parametrize(
    ("wish", "good", "bad"),
    [
        (Wish.SAME_OCCUPATION, {}, {"occupation": OccupationCode("31102")}),
        (Wish.OWN_LANGUAGE, {"languages": parse_languages("en; uk")}, {"languages": parse_languages("en")}),
        (Wish.NEARBY, {"community": REDCLIFF}, {"community": CALGARY}),
        (Wish.NEARBY, {}, {"community": NOWHERE}),
        (Wish.EXPERIENCED, {"years_experience": 10}, {"years_experience": 9}),
        (Wish.ONLINE, {"mode": Mode.EITHER}, {"mode": Mode.IN_PERSON}),
        (Wish.IN_PERSON, {"mode": Mode.IN_PERSON}, {"mode": Mode.ONLINE}),
    ],
)
def test_a_wish_holds_or_does_not(wish: Wish, good: dict[str, object], bad: dict[str, object]) -> None:
    wishing = CRITERION.trait(a_candidate(wishes=(wish,), languages=parse_languages("en:8; uk")))
    met, unmet = (
        CRITERION.compare(wishing, CRITERION.trait(a_candidate(Kind.MENTOR, **other))) for other in (good, bad)
    )

    assert (met.share, met.reason) == (100, Reason.WISHES_MET)
    assert (unmet.share, unmet.reason, unmet.details) == (0, Reason.WISHES_UNMET, (("wishes", wish.value),))


def test_wishes_of_both_count_alike() -> None:
    mentee = CRITERION.trait(a_candidate(wishes=(Wish.SAME_OCCUPATION,)))
    mentor = CRITERION.trait(a_candidate(wishes=(Wish.CIRCLE,)))

    assert CRITERION.compare(mentee, mentor).share == 50
    assert CRITERION.compare(mentor, mentor).share == 100


def test_without_wishes_nothing_is_said() -> None:
    plain = CRITERION.trait(a_candidate())

    assert CRITERION.compare(plain, plain) is SILENT
