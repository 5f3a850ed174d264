"""The life of a draft."""

from dataclasses import replace

import pytest

from node.domain.actor import UserId
from node.domain.drafts import (
    Change,
    Draft,
    DraftClosedError,
    DraftId,
    DraftState,
    Figures,
    NothingToUndoError,
    SecondPersonNeededError,
    Unmatched,
    Why,
    next_to_undo,
)
from node.domain.person import PersonId
from tests.support.clock import NOON

FIGURES = Figures(
    mentees=1, seats=1, matched=1, fit=1, by_tier=(1, 0, 0), greedy_matched=1, greedy_fit=1, greedy_by_tier=(1, 0, 0)
)
ANA, BEN, CLEO = UserId("ana"), UserId("ben"), UserId("cleo")
DRAFT = Draft(id=DraftId("d"), made_at=NOON, made_by=ANA, edited_by=ANA, figures=FIGURES)


def test_somebody_else_signs_off_what_one_person_made_and_another_changed() -> None:
    changed = DRAFT.edit(BEN)
    for who in (ANA, BEN):
        with pytest.raises(SecondPersonNeededError):
            changed.sign(who)
    with pytest.raises(SecondPersonNeededError):
        changed.publish(second_person=True)

    assert changed.sign(CLEO).publish(second_person=True).state is DraftState.PUBLISHED
    assert changed.publish(second_person=False).state is DraftState.PUBLISHED


def test_a_change_takes_the_signature_away() -> None:
    assert DRAFT.sign(BEN).edit(ANA).signed_by is None


@pytest.mark.parametrize("state", [DraftState.PUBLISHED, DraftState.DISCARDED])
def test_what_is_over_stays_as_it_is(state: DraftState) -> None:
    over = replace(DRAFT, state=state)
    for by_somebody in (over.edit, over.sign):
        for who in (ANA, BEN):
            with pytest.raises(DraftClosedError):
                by_somebody(who)
    with pytest.raises(DraftClosedError):
        over.publish(second_person=False)
    with pytest.raises(DraftClosedError):
        over.discard()


def test_the_newest_change_that_stands_is_the_next_to_be_undone() -> None:
    left = Unmatched(mentee=PersonId("m"), tier=0, why=Why.NOBODY)
    first, second = (Change(number=number, before=left, by=ANA, at=NOON) for number in (1, 2))
    undone = [Change(number=3, before=left, by=BEN, at=NOON, undoes=2)]

    assert next_to_undo([first, second]) == second
    assert next_to_undo([first, second, *undone]) == first
    undone.append(Change(number=4, before=left, by=BEN, at=NOON, undoes=1))
    with pytest.raises(NothingToUndoError):
        next_to_undo([first, second, *undone])
