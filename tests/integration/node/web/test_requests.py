"""Two programs and one request, from the question to the introduction, by forms alone."""

import re
from datetime import timedelta

import pytest

from node.domain.consent import Purpose
from node.domain.person import Person, Visibility
from node.domain.request import Stage
from protocol.ids import ThreadId
from protocol.vocabulary import Answer, Question
from tests.support.crossing import CLERK, settle
from tests.support.queries import statements
from tests.support.web import HOST, Browser, WebNode, browser

pytestmark = pytest.mark.anyio


def read(page: str) -> str:
    """What a person reads of a page."""
    text = re.sub(r"<(head|header|footer)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", text).replace("&#39;", "'").split())


async def seen(robin: Browser, path: str) -> str:
    answer = await robin.see(path)
    assert answer.status_code == 200, path
    return read(answer.text)


def asked(web_node: WebNode, mentee: Person) -> ThreadId:
    """Our request, at the other program."""
    thread = web_node.program.open(CLERK, mentee.id, web_node.other.node).id
    settle(web_node.program, web_node.other)
    return thread


def came(web_node: WebNode) -> ThreadId:
    """A request of the other program."""
    thread = web_node.other.open(CLERK, web_node.other.mentee().id, web_node.program.node).id
    settle(web_node.program, web_node.other)
    return thread


async def refused(robin: Browser, path: str, fields: dict[str, str], page: str = "") -> str:
    answer = await robin.send(path, fields, page=page)
    assert answer.status_code == 422
    return read(answer.text)


async def done(robin: Browser, path: str, fields: dict[str, str], page: str = "") -> None:
    answer = await robin.send(path, fields, page=page)
    assert answer.status_code == 303, read(answer.text)


async def test_a_question_is_answered_with_one_word_of_a_list(web_node: WebNode) -> None:
    mentor, thread = web_node.other.mentor(), asked(web_node, web_node.program.mentee())
    path = f"/others/requests/{thread}"
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        text = await seen(robin, path)
        assert f"It is {HOST}'s move, until" in text
        assert "occupation, languages, topics, hours, time zone Not the name, the town" in text
        assert "another program can be asked" in text
        assert "cannot be done any more" in await seen(robin, f"{path}/accept")

        web_node.other.says_yes(thread, mentor.id)
        web_node.other.ask(CLERK, thread, mentor.id, Question.START)
        settle(web_node.program, web_node.other)
        assert "one word of a fixed list, goes to" in await seen(robin, f"{path}/answer")
        assert "Choose an answer." in await refused(robin, f"{path}/answer", {})
        await done(robin, f"{path}/answer", {"answer": f"{Question.START}/{Answer.NOW}"})
        assert "When could it begin? now" in await seen(robin, path)


async def test_home_writes_down_the_yes_accepts_and_two_people_are_introduced(web_node: WebNode) -> None:
    mentee, mentor = web_node.program.mentee(), web_node.other.mentor()
    thread = asked(web_node, mentee)
    web_node.other.says_yes(thread, mentor.id)
    web_node.other.offer(CLERK, thread, mentor.id)
    settle(web_node.program, web_node.other)
    path, day = f"/others/requests/{thread}", (web_node.clock.now() - timedelta(days=1)).date()
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        assert "Accept the offer" not in await seen(robin, path)
        page = await seen(robin, f"{path}/agree")
        assert "I accept this offer." in page
        assert "Nothing. The yes stays here" in page
        assert "Say how the yes was given." in await refused(robin, f"{path}/agree", {"day": "2027-01-04"})
        assert "This is not a day." in await refused(robin, f"{path}/agree", {"day": "soon", "given": "phone"})
        assert "still to come" in await refused(robin, f"{path}/agree", {"day": "2031-01-01", "given": "phone"})
        await done(robin, f"{path}/agree", {"given": "phone", "day": day.isoformat()})
        assert "the name, the e-mail address and the phone number" in await seen(robin, f"{path}/accept")
        await done(robin, f"{path}/accept", {})
        settle(web_node.program, web_node.other)

        text = await seen(robin, path)
        assert "Open their mentorship" in text
        assert mentor.contact.email not in text
        assert "name, e-mail address and phone number" in text
        assert mentee.contact.name in await seen(robin, "/others/requests")
    assert web_node.program.request(thread).stage is web_node.other.request(thread).stage is Stage.INTRODUCED
    with web_node.program.work() as work:
        yes = [grant for grant in work.consents.of(mentee.id) if grant.purpose is Purpose.ACCEPT]
    assert [(one.granted_at.date(), one.wording) for one in yes] == [(day, "wording.accept")]


async def test_the_host_chooses_a_mentor_and_writes_down_how_far_her_yes_goes(web_node: WebNode) -> None:
    mentor, far = web_node.program.mentor(), web_node.program.mentor(occupation="31102")
    path, about = f"/others/requests/{came(web_node)}", f"mentor={mentor.id}"
    yes = {"mentor": mentor.id, "given": "in_person", "day": "2027-01-04"}
    async with browser(web_node.app(), language="fr") as robin:
        await robin.sign_in()
        text = await seen(robin, path)
        assert f"{mentor.contact.name} la même profession parle : anglais une place libre" in text
        assert far.contact.name not in text
        assert "J'accepte en principe" in await seen(robin, f"{path}/agree?{about}")

        await done(robin, f"{path}/agree", {**yes, "in_principle": "yes"}, f"{path}/agree?{about}")
        early = await refused(robin, f"{path}/offer", {"mentor": mentor.id}, f"{path}/ask?{about}")
        assert "Son accord consigné manque" in early
        assert "puis notez le oui" in early
        assert "mentorweave " not in early
        await done(robin, f"{path}/ask", {"mentor": mentor.id, "question": "goal"}, f"{path}/ask?{about}")
        assert "Que souhaite surtout" in await seen(robin, path)


async def test_the_host_offers_exactly_what_was_shown_and_takes_it_back(web_node: WebNode) -> None:
    mentor, thread = web_node.program.mentor(), came(web_node)
    web_node.program.says_yes(thread, mentor.id)
    path, offer = f"/others/requests/{thread}", f"/others/requests/{thread}/offer?mentor={mentor.id}"
    async with browser(web_node.app(), language="fr") as robin:
        await robin.sign_in()
        shown = await seen(robin, offer)
        assert "Exactement ceci part à" in shown
        assert "Profession Ingénieurs" in shown
        late = await refused(robin, f"{path}/offer", {"mentor": mentor.id, "until": "2028-01-01"}, offer)
        assert "14 jours au plus" in late
        await done(robin, f"{path}/offer", {"mentor": mentor.id}, offer)
        assert "La place est tenue jusqu'au" in await seen(robin, path)

        await done(robin, f"{path}/recall", {})
        assert web_node.program.request(thread).stage is Stage.RECALLED
        assert "Plus rien n'est attendu" in await seen(robin, path)
        assert "la proposition a été retirée" in await seen(robin, "/others/requests?show=ended")


async def test_home_takes_its_request_back_and_refuses_an_offer_and_the_host_says_no(web_node: WebNode) -> None:
    mentor = web_node.other.mentor()
    first, second = asked(web_node, web_node.program.mentee()), asked(web_node, web_node.program.mentee())
    web_node.other.says_yes(second, mentor.id)
    web_node.other.offer(CLERK, second, mentor.id)
    web_node.program.mentor(visibility=Visibility.LISTED)
    third = came(web_node)
    ends = {first: ("withdraw", Stage.WITHDRAWN), second: ("refuse", Stage.REFUSED), third: ("decline", Stage.DECLINED)}
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        for thread, (deed, stage) in ends.items():
            path = f"/others/requests/{thread}"
            assert "No reason travels." in await seen(robin, f"{path}/{deed}")
            await done(robin, f"{path}/{deed}", {})
            assert web_node.program.request(thread).stage is stage
            assert "cannot be done any more" in await seen(robin, f"{path}/{deed}")


async def test_a_list_costs_the_same_however_many_requests_there_are(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        came(web_node)
        asked(web_node, web_node.program.mentee())
        few = await counted(web_node, robin)
        for _ in range(2):
            asked(web_node, web_node.program.mentee())
        many = await counted(web_node, robin)

        assert many == few
        gone = await robin.see(f"/others/requests/{'0' * 36}")
        assert gone.status_code == 404


async def counted(web_node: WebNode, robin: Browser) -> int:
    with statements(web_node.program.engine) as sent:
        await robin.see("/others/requests")
    return len(sent)
