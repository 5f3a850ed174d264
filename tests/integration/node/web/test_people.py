"""The pages of people: found, read, written down, rested, forgotten; two coordinators and one person."""

import io
import re
import zipfile
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from node.domain.actor import Role, UserId
from node.domain.consent import Given, Purpose
from node.domain.person import Contact, Kind, Person, PersonId, PersonState, Visibility
from node.domain.user import User, UserState
from node.services.consent import NewConsent
from tests.support.clock import NOON
from tests.support.crossing import CLERK
from tests.support.filling import served_fields
from tests.support.node import a_mentor, a_person, a_profile, new_id
from tests.support.queries import statements
from tests.support.web import OPERATOR, PASSWORD, Browser, WebNode, browser

pytestmark = pytest.mark.anyio
KIM = User(
    id=UserId(new_id()),
    name="Kim Auditor",
    email="kim@example.org",
    role=Role.COORDINATOR,
    state=UserState.ACTIVE,
    added_at=NOON,
)


@pytest.fixture
async def robin(web_node: WebNode) -> AsyncIterator[Browser]:
    async with browser(web_node.app()) as somebody:
        await somebody.sign_in()
        yield somebody


def named(web_node: WebNode, name: str, kind: Kind = Kind.MENTEE) -> Person:
    person = a_person(kind, contact=Contact(name=name, email=f"{new_id()}@example.org", phone="403 555 0100"))
    return web_node.program.add(person)


async def fill(somebody: Browser, page: str, action: str, **typed: str | Sequence[str]) -> httpx.Response:
    """Open a page, change some fields of a form, and send it."""
    served: Mapping[str, Sequence[str] | str] = served_fields((await somebody.see(page)).text, action)
    return await send(somebody, action, {**served, **typed})


async def send(somebody: Browser, action: str, fields: Mapping[str, Sequence[str] | str]) -> httpx.Response:
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": str(somebody.client.base_url).rstrip("/")}
    return await somebody.led(await somebody.client.post(action, data=dict(fields), headers=headers))


async def test_who_is_searched_for_stands_in_no_address_and_survives_a_reload(
    web_node: WebNode, robin: Browser
) -> None:
    named(web_node, "Zoé Brûlé")
    named(web_node, "Amara Okafor")

    found = await fill(robin, "/people", "/people/find", text="zoe brule", kind="mentee", waiting="30")

    address = found.headers["location"]
    assert "brule" not in address.lower()
    assert "kind=mentee&waiting=30&find=" in address
    for _ in range(2):
        page = (await robin.see(address)).text
        assert "One person fits." in page
        assert "Zoé Brûlé" in page
        assert "Amara Okafor" not in page
        assert 'value="zoe brule"' in page
    changed = address[:-6] + "AAAAAA"
    assert (await robin.see(changed)).status_code == 404


async def test_the_list_is_sifted_and_turned_in_so_many_queries_however_long_it_is(
    web_node: WebNode, robin: Browser
) -> None:
    with web_node.program.work() as work:
        work.people.add([replace(a_person(), profile=a_profile(languages="uk:9")) for _ in range(60)])
        work.people.add([replace(a_mentor(), state=PersonState.PAUSED)])
    counts = []
    for path in ("/people?state=paused", "/people?kind=mentee"):
        with statements(web_node.program.engine) as sent:
            page = (await robin.see(path)).text
        counts.append(len(sent))
    assert counts[0] == counts[1]
    assert page.count('scope="row"') == 50
    after = re.findall(r'href="(/people\?kind=mentee&amp;after=[^"]+)"', page)[0].replace("&amp;", "&")
    assert (await robin.see(after)).text.count('scope="row"') == 10
    for path, fit in (("?language=uk", 60), ("?language=fr", 0), ("?occupation=21300", 61), ("?waiting=7", 61)):
        page = (await robin.see(f"/people{path}")).text
        assert re.search(rf"\b{fit or 'Nobody'}\b", page), path
    assert "No occupation is called like this" in (await fill(robin, "/people", "/people/find", occupation="qqqq")).text


async def test_the_page_of_a_person_tells_what_is_next_and_asks_no_more_when_more_has_happened(
    web_node: WebNode, robin: Browser
) -> None:
    person = named(web_node, "Amara Okafor")
    path = f"/people/{person.id}"
    with statements(web_node.program.engine) as first:
        page = (await robin.see(path)).text
    assert "See who here could fit" in page
    assert f'href="/matching/{person.id}"' in page

    for words in ("called her mother", "<b>sent</b> the form"):
        assert (await fill(robin, path, f"{path}/notes", words=words)).status_code == 303
    consents = web_node.services.consents
    for purpose in (Purpose.OUTSIDE, Purpose.CONTACT):
        consents.add(CLERK, NewConsent(person=person.id, purpose=purpose, given=Given.PHONE))
    for _ in range(2):
        mentor = web_node.program.add(a_mentor())
        web_node.services.mentorships.approve(CLERK, person.id, mentor.id)
    with statements(web_node.program.engine) as second:
        page = (await robin.see(path)).text

    assert "&lt;b&gt;sent&lt;/b&gt;" in page
    assert "Robin Tremblay" in page
    assert mentor.contact.name in page
    assert "Ask now and then how it goes" in page
    # The agreement of nobody, the names of those she meets, and the keys of the sealed values.
    assert len(second) - len(first) <= 3
    with statements(web_node.program.engine) as third:
        await robin.see(f"{path}/timeline")
    for _ in range(3):
        await fill(robin, path, f"{path}/notes", words="again")
    with statements(web_node.program.engine) as fourth:
        trail = (await robin.see(f"{path}/timeline")).text
    assert len(fourth) == len(third)
    assert trail.count("note written down") == 5
    assert "may ask other programs" in trail


async def test_a_yes_is_written_down_and_taken_back_by_the_page_of_its_own_person(
    web_node: WebNode, robin: Browser
) -> None:
    person, other = named(web_node, "Amara Okafor"), named(web_node, "Zoé Brûlé")
    path = f"/people/{person.id}"

    refused = await fill(robin, path, f"{path}/consents", on="2099-01-01", wording="only in Alberta")
    assert refused.status_code == 422
    assert "Choose what the yes is to." in refused.text
    assert "only in Alberta" in refused.text
    said = {"purpose": "outside", "given": "phone", "on": "2027-02-03"}
    assert (await fill(robin, path, f"{path}/consents", **said)).status_code == 303
    (grant,) = web_node.services.consents.list(CLERK, person.id)
    assert grant.in_force

    wrong = f"/people/{other.id}/consents/{grant.id}/withdraw"
    right = f"{path}/consents/{grant.id}/withdraw"
    token = served_fields((await robin.see(path)).text, right)["token"]
    assert (await send(robin, wrong, {"token": token, "given": "paper"})).status_code == 404
    assert (await fill(robin, path, right, given="paper")).status_code == 303
    assert "withdrawn on" in (await robin.see(path)).text


async def test_a_mentor_is_seen_as_far_as_she_chose_and_learns_who_read_of_her(
    web_node: WebNode, robin: Browser
) -> None:
    mentor = web_node.program.add(a_mentor(seats=2))
    path = f"/people/{mentor.id}"

    assert (await fill(robin, path, f"{path}/visibility", level="3")).status_code == 303
    page = (await robin.see(path)).text
    assert "2 free places of 2" in page
    assert "That starts when a yes to it is written down" in page
    with web_node.program.work() as work:
        assert work.people.get(mentor.id).profile.visibility is Visibility.LISTED
    seen = (await robin.see(f"{path}/seen")).text
    assert "No other program has learned anything" in seen
    assert "Robin Tremblay" in seen
    for lost in ("/people/nobody", "/people/nobody/edit", "/people/nobody/seen", "/people/nobody/timeline"):
        assert (await robin.see(lost)).status_code == 404


async def test_two_coordinators_change_one_person_and_the_second_is_told(web_node: WebNode, robin: Browser) -> None:
    person = named(web_node, "Amara Okafor")
    with web_node.program.work() as work:
        work.users.add(KIM)
    web_node.services.entrance.set_password(OPERATOR, KIM.email, PASSWORD)
    page = f"/people/{person.id}/edit"
    async with browser(web_node.app()) as kim:
        await kim.sign_in(KIM.email)
        hers = served_fields((await kim.see(page)).text, page)
        his = served_fields((await robin.see(page)).text, page)
        first = await send(kim, page, {**hers, "phone": "403 555 0111", "name": "Amara Kim"})
        assert first.status_code == 303

        told = await send(robin, page, {**his, "name": "Amara Robin", "availability": "after supper"})

    assert told.status_code == 422
    assert "Somebody changed this while you were writing" in told.text
    assert "Amara Kim" in told.text
    again = served_fields(told.text, page)
    assert (again["name"], again["availability"], again["phone"]) == (
        ["Amara Robin"],
        ["after supper"],
        ["403 555 0111"],
    )
    with web_node.program.work() as work:
        assert work.people.get(person.id).contact.name == "Amara Kim"
    assert (await send(robin, page, again)).status_code == 303
    with web_node.program.work() as work:
        contact = work.people.get(person.id).contact
    assert (contact.name, contact.phone, contact.availability) == ("Amara Robin", "403 555 0111", "after supper")


async def test_somebody_is_taken_in_with_an_occupation_found_in_steps_and_nothing_typed_is_lost(
    web_node: WebNode, robin: Browser
) -> None:
    page, action = "/people/new?kind=mentor", "/people/new"
    looked = await fill(robin, page, action, find="1", name="Zoé Brûlé", **{"occupation-words": "civil engineer"})
    assert "21300" in looked.text
    fields = served_fields(looked.text, action)
    assert fields["name"] == ["Zoé Brûlé"]

    wrong = {**fields, "occupation": "21300", "email": "zoe at example", "slots": ["mon-evening", "sat-morning"]}
    refused = await send(robin, action, wrong)
    assert refused.status_code == 422
    assert "E-mail: this is not an e-mail address." in refused.text
    assert 'href="#language-1"' in refused.text
    mended = served_fields(refused.text, action)
    assert mended["slots"] == ["mon-evening", "sat-morning"]
    right = {**mended, "email": "zoe@example.org", "language-1": "fr", "level-1": "12", "language-2": "en"}
    kept = await send(robin, action, {**right, "level-2": "8", "topics": ["resume"]})

    with web_node.program.work() as work:
        person = work.people.get(PersonId(kept.headers["location"].split("/")[2].split("?")[0]))
    assert (person.kind, person.profile.occupation, person.profile.seats) == (Kind.MENTOR, "21300", 1)
    assert [(one.code, one.level) for one in person.profile.languages] == [("en", 8), ("fr", 12)]
    assert person.profile.slots == ("mon-evening", "sat-morning")


async def test_a_person_rests_and_comes_back_and_is_erased_after_reading_what_goes(
    web_node: WebNode, robin: Browser
) -> None:
    person = named(web_node, "Amara Okafor")
    path = f"/people/{person.id}"
    until = (web_node.clock.now() + timedelta(days=40)).date().isoformat()

    for day in ("2020-01-01", "soon"):
        assert (await fill(robin, f"{path}/pause", "", until=day)).status_code in {404, 405}
        token = served_fields((await robin.see(f"{path}/pause")).text)["token"]
        assert (await send(robin, f"{path}/pause", {"token": token, "until": day})).status_code == 422
    assert (await send(robin, f"{path}/pause", {"token": token, "until": until})).status_code == 303
    assert "paused until" in (await robin.see(path)).text
    assert (await fill(robin, path, f"{path}/resume")).status_code == 303

    copy = await fill(robin, path, f"{path}/export")
    assert copy.headers["content-disposition"] == 'attachment; filename="everything.zip"'
    assert copy.headers["x-content-type-options"] == "nosniff"
    with zipfile.ZipFile(io.BytesIO(copy.content)) as packed:
        assert b"Amara Okafor" in packed.read("everything.json")
        assert b"Amara Okafor" in packed.read("everything.html")

    assert (await send(robin, f"{path}/erase", {"token": token})).status_code == 422
    assert "This cannot be undone" in (await robin.see(f"{path}/erase")).text
    gone = await send(robin, f"{path}/erase", {"token": token, "sure": "yes"})
    assert "Everything held on this person is destroyed here." in gone.text
    assert (await robin.see(path)).status_code == 404


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_everybody_leaves_in_a_spreadsheet_in_which_nothing_runs(
    web_node: WebNode, robin: Browser, form: str
) -> None:
    named(web_node, "=HYPERLINK(1)")

    file = await fill(robin, "/people", f"/people/export/{form}")

    assert file.headers["content-disposition"] == f'attachment; filename="people.{form}"'
    if form == "csv":
        assert "'=HYPERLINK(1)" in file.content.decode("utf-8-sig")


async def test_who_only_reads_is_offered_nothing_to_change_and_who_reads_no_people_sees_none(
    web_node: WebNode,
) -> None:
    person = named(web_node, "Amara Okafor")
    reader, auditor = replace(KIM, role=Role.REVIEWER), replace(KIM, id=UserId(new_id()), role=Role.AUDITOR)
    with web_node.program.work() as work:
        work.users.add(reader)
        work.users.add(replace(auditor, email="auditor@example.org"))
    for email in (reader.email, "auditor@example.org"):
        web_node.services.entrance.set_password(OPERATOR, email, PASSWORD)
    path = f"/people/{person.id}"
    async with browser(web_node.app()) as kim:
        await kim.sign_in(reader.email)
        page = (await kim.see(path)).text
        token = served_fields(page, "/sign-out")["token"]
        assert "Amara Okafor" in page
        assert "New note" not in page
        assert "Erase" not in page
        for act, fields in (
            ("notes", {"words": "x"}),
            ("resume", {}),
            ("edit", {"name": "x"}),
            ("erase", {"sure": "y"}),
        ):
            assert (await send(kim, f"{path}/{act}", {"token": token, **fields})).status_code == 403
    async with browser(web_node.app()) as other:
        await other.sign_in("auditor@example.org")
        for closed in ("/people", path, f"{path}/timeline", f"{path}/seen", f"{path}/edit", "/people/duplicates"):
            assert (await other.see(closed)).status_code == 403
