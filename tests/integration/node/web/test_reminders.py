"""Letters to staff about what waits: on the days they should come, once, to who has not looked, naming nobody."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from node.adapters.mail.composing import Composer
from node.domain.actor import SYSTEM, UserId
from node.domain.letter import Errand, Letter, LetterId, LetterState, Waits
from node.domain.person import Contact, PersonId
from node.domain.program import Tongue
from node.domain.user import UserState
from node.services.ports.letters import PostOffice, PostOfficeBusyError
from node.services.reminding import RemindStaff
from node.services.today import Today
from tests.support.clock import NOON
from tests.support.crossing import CLERK, settle
from tests.support.node import new_id
from tests.support.web import EMAIL, ROBIN, WebNode, browser

DAY = timedelta(days=1)


@dataclass(slots=True)
class Desk(PostOffice):
    """Fake of `PostOffice`: keeps what it takes, unless it is busy."""

    taken: list[tuple[Letter, str]] = field(default_factory=list)
    busy: bool = False

    def send(self, letter: Letter, to: Contact, program: str) -> LetterState:
        if self.busy:
            raise PostOfficeBusyError
        self.taken.append((letter, to.email))
        return LetterState.SENT


def reminding(web_node: WebNode, desk: Desk) -> RemindStaff:
    on = web_node.services.adapters
    return RemindStaff(on.work, on.clock, Today(on.reading, on.work, on.clock, on.occupations, ()), desk)


def is_asked(web_node: WebNode) -> None:
    mentee = web_node.other.mentee()
    web_node.program.mentor()
    web_node.other.open(CLERK, mentee.id, web_node.program.node)
    settle(web_node.program, web_node.other)


def test_what_nobody_looks_at_is_remembered_after_three_seven_and_twelve_days(web_node: WebNode) -> None:
    desk = Desk()
    remind = reminding(web_node, desk)
    is_asked(web_node)

    days = []
    for day in range(14):
        if remind(SYSTEM):
            days.append(day)
        assert remind(SYSTEM) == 0, "once"
        web_node.clock.advance(DAY)

    assert days == [3, 7, 12]
    assert {to for _, to in desk.taken} == {EMAIL}
    letter = desk.taken[0][0]
    assert letter.waits is not None
    assert letter.waits.count == 1
    assert letter.waits.until is not None


@pytest.mark.anyio
async def test_who_looked_within_three_days_gets_no_letter(web_node: WebNode) -> None:
    desk = Desk()
    is_asked(web_node)
    web_node.clock.advance(2 * DAY)
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        await robin.see("/")
    web_node.clock.advance(2 * DAY)

    assert reminding(web_node, desk)(SYSTEM) == 0
    web_node.clock.advance(2 * DAY)
    assert reminding(web_node, desk)(SYSTEM) == 1


def test_a_busy_mail_server_is_asked_again_and_nobody_else_is_told(web_node: WebNode) -> None:
    desk = Desk(busy=True)
    with web_node.services.adapters.work() as work:
        for changed in ({"state": UserState.CLOSED}, {"role": "auditor"}):
            work.users.add(replace(ROBIN, id=UserId(new_id()), email=f"{new_id()}@example.org", **changed))
    is_asked(web_node)
    web_node.clock.advance(3 * DAY)

    assert reminding(web_node, desk)(SYSTEM) == 0
    desk.busy = False
    assert reminding(web_node, desk)(SYSTEM) == 1


@pytest.mark.parametrize(
    ("language", "pages", "lines"),
    [
        (Tongue.ENGLISH, "", ("2 things have waited", "until January 6", "mentorweave today")),
        (Tongue.FRENCH, "https://m.example", ("2 choses vous attendent", "6 janvier", "https://m.example")),
    ],
)
def test_it_says_how_much_waits_until_when_and_what_to_open(
    language: Tongue, pages: str, lines: tuple[str, ...]
) -> None:
    until = NOON.replace(month=1, day=6)
    letter = Letter(
        id=LetterId("x"),
        person=PersonId(ROBIN.id),
        about=ROBIN.id,
        language=language,
        errand=Errand.REMINDER,
        waits=Waits(count=2, until=until),
        written_at=NOON,
    )

    text = Composer("m@example.org", pages).compose(letter, Contact(name="Robin", email=EMAIL), "Hat").get_content()

    assert [line for line in lines if line not in text] == []
    assert (
        "until"
        not in Composer("")
        .compose(
            replace(letter, language=Tongue.ENGLISH, waits=Waits(count=1, until=None)), Contact(name="Robin"), "Hat"
        )
        .get_content()
    )
