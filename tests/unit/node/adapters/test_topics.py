"""`Topics` and the tables of words behind it: unlike words of one trade meet, frequent ones count for little."""

import numpy as np
import pytest

from node.adapters.occupations.postings import Postings
from node.adapters.occupations.topics import Topics

FARM, FIELD, COURT = range(3)
SOIL, CROP, HARVEST, LAW, COMMON, UNHEARD = range(1, 7)
HELD = [(FARM, SOIL), (FARM, CROP), (FIELD, CROP), (FIELD, HARVEST), (COURT, LAW)]
EVERYWHERE = [(group, COMMON) for group in (FARM, FIELD, COURT)]


def _columns(held: list[tuple[int, int]]) -> tuple[np.ndarray[tuple[int], np.dtype[np.uint32]], ...]:
    return tuple(np.array(column, dtype=np.uint32) for column in ([w for _, w in held], [g for g, _ in held]))


@pytest.fixture
def topics() -> Topics:
    keys, rows = _columns(HELD + EVERYWHERE)
    return Topics.build(Postings.cosine(keys, rows, 3), 2)


def test_a_word_leads_to_a_group_that_never_uses_it_by_the_words_of_its_trade(topics: Topics) -> None:
    alike = topics.alike([SOIL])

    assert alike[FIELD] > 0.5 > alike[COURT]


def test_unknown_words_are_like_nothing_and_change_nothing(topics: Topics) -> None:
    assert not topics.alike([UNHEARD]).any()
    assert not topics.alike([]).any()
    assert topics.alike([LAW, UNHEARD]).tolist() == topics.alike([LAW]).tolist()


def test_what_is_held_counts_by_its_rarity_however_often_it_is_held() -> None:
    keys, rows = _columns([*HELD, *EVERYWHERE, (COURT, COMMON)])
    held = Postings.held(keys, rows, 3).sum([LAW, COMMON])

    assert held[COURT] == pytest.approx(1.0)
    assert 0 < held[FARM] == held[FIELD] < 0.5


def test_the_lift_of_a_word_is_greater_where_fewer_others_are_heard() -> None:
    keys, rows = _columns([*HELD, (FARM, LAW)])
    lift = Postings.lift(keys, rows, 3).column([LAW])

    assert lift[COURT] > lift[FARM] > lift[FIELD] == 0
