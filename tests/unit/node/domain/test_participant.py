"""Links and sessions of participants: how long they let in, and whom."""

from dataclasses import replace
from datetime import timedelta

from node.domain.participant import ParticipantLink, ParticipantSession, is_welcome
from node.domain.person import PersonState
from node.domain.signin import LINK_TERM, LONGEST, digest
from tests.support.clock import NOON
from tests.support.node import a_person

SOON = timedelta(seconds=1)


def test_a_link_and_a_session_end() -> None:
    person = a_person().id
    link = ParticipantLink(digest=digest("a"), person=person, until=NOON + LINK_TERM)
    session = ParticipantSession(digest=digest("b"), person=person, begun_at=NOON)

    assert link.is_open(NOON + LINK_TERM - SOON)
    assert not link.is_open(NOON + LINK_TERM)
    assert session.is_open(NOON + LONGEST - SOON)
    assert not session.is_open(NOON + LONGEST)


def test_who_pauses_is_welcome_and_who_left_is_not() -> None:
    assert is_welcome(replace(a_person(), state=PersonState.PAUSED))
    assert not is_welcome(replace(a_person(), state=PersonState.LEFT))
