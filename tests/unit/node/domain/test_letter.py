"""A letter leaves once; after an interruption once more, and then only a person decides."""

from dataclasses import replace

import pytest

from node.domain.language import parse_languages
from node.domain.letter import (
    FIRST_WAIT,
    LEASE,
    LONGEST_WAIT,
    Letter,
    LetterId,
    LetterNotOpenError,
    LetterState,
    Proposal,
    language_for,
)
from node.domain.person import PersonId
from node.domain.program import Tongue
from node.domain.request import Reachable
from tests.support.clock import NOON

LETTER = Letter(
    id=LetterId("letter"),
    person=PersonId("somebody"),
    about="request",
    language=Tongue.ENGLISH,
    proposal=Proposal(uid="request@mentorweave", starts_at=NOON, time_zone="America/Edmonton"),
    other=Reachable(name="Mary", email="mary@example.org"),
    written_at=NOON,
    due_at=NOON,
)


def test_an_attempt_is_marked_before_the_letter_goes() -> None:
    begun = LETTER.begin(NOON)

    assert (begun.state, begun.attempts, begun.resent, begun.due_at) == (LetterState.SENDING, 1, False, NOON + LEASE)


def test_an_interrupted_attempt_is_repeated_once_and_says_so() -> None:
    again = LETTER.begin(NOON).begin(NOON + LEASE)
    assert (again.state, again.attempts, again.resent) == (LetterState.SENDING, 2, True)

    over = again.begin(NOON + 2 * LEASE)
    assert (over.state, over.attempts, over.due_at) == (LetterState.UNCLEAR, 2, None)


def test_what_nobody_took_waits_twice_as_long_each_time() -> None:
    first = LETTER.begin(NOON).wait(NOON)
    assert (first.state, first.due_at) == (LetterState.QUEUED, NOON + FIRST_WAIT)

    tired = replace(LETTER, attempts=20).wait(NOON)
    assert tired.due_at == NOON + LONGEST_WAIT


def test_a_sent_letter_knows_when_and_a_draft_does_not() -> None:
    assert LETTER.end(LetterState.SENT, NOON).sent_at == NOON
    assert LETTER.end(LetterState.DRAFTED, NOON).sent_at is None


@pytest.mark.parametrize("state", [LetterState.DRAFTED, LetterState.UNCLEAR, LetterState.REFUSED])
def test_what_a_person_sent_is_ticked_off(state: LetterState) -> None:
    assert replace(LETTER, state=state).tick_off(NOON).state is LetterState.SENT


def test_a_letter_that_waits_cannot_be_ticked_off() -> None:
    with pytest.raises(LetterNotOpenError):
        LETTER.tick_off(NOON)


def test_what_it_says_is_forgotten_and_it_leaves_no_more() -> None:
    dropped, sent = LETTER.forget(), replace(LETTER, state=LetterState.SENT).forget()

    assert (dropped.state, dropped.other, dropped.due_at) == (LetterState.DROPPED, None, None)
    assert (sent.state, sent.other) == (LetterState.SENT, None)


def test_a_link_stands_nowhere_but_in_the_letter_once_it_left() -> None:
    link = replace(LETTER, proposal=None, other=None, link="token")

    assert [link.end(state, NOON).link for state in (LetterState.SENT, LetterState.DRAFTED)] == ["", ""]
    assert link.forget().link == ""
    assert not link.is_forgotten
    assert LETTER.forget().is_forgotten


@pytest.mark.parametrize(
    ("spoken", "language"),
    [("en:8; fr:4", "en"), ("en:4; fr:9", "fr"), ("fr:9; es:12", "fr"), ("en:6; fr:6", "fr"), ("es:12", "fr")],
)
def test_everybody_is_written_to_in_her_better_language_else_the_programs(spoken: str, language: str) -> None:
    assert language_for(parse_languages(spoken), Tongue.FRENCH) == language
