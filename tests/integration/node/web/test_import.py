"""Spreadsheets through the page: columns corrected, a preview that keeps nothing, hostile files."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from resource import RUSAGE_SELF, getrusage

import httpx
import pytest
from sqlalchemy import func, select

from node.adapters.sql.tables import FOLK
from node.domain.actor import SYSTEM, Role, UserId
from node.domain.consent import Given, Purpose
from node.domain.person import Contact, Person
from node.domain.user import User, UserState
from node.services.consent import NewConsent
from node.services.ports import PeopleFilter
from protocol.vocabulary import Topic
from tests.support.clock import NOON
from tests.support.crossing import CLERK
from tests.support.filling import served_fields
from tests.support.hostile_files import HOSTILE
from tests.support.node import a_mentor, a_person, a_profile, new_id
from tests.support.web import OPERATOR, PASSWORD, Browser, WebNode, browser

pytestmark = pytest.mark.anyio
GOOD = (
    "Wer,email,occupation,languages,town\n"
    "Amara Okafor,amara@example.org,21300,en:8,Medicine Hat\n"
    "Zoé Brûlé,zoe at example,21300,fr,Medicine Hat\n"
    "=HYPERLINK(1),x@example.org,21300,en,Medicine Hat\n"
)
KIM = User(
    id=UserId(new_id()),
    name="Kim",
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


async def bring(somebody: Browser, content: bytes, name: str = "people.csv") -> httpx.Response:
    token = served_fields((await somebody.see("/people/import")).text, "/people/import")["token"]
    return await post(somebody, "/people/import", {"token": token}, files={"file": (name, content)})


async def post(
    somebody: Browser,
    path: str,
    fields: Mapping[str, Sequence[str] | str],
    files: Mapping[str, tuple[str, bytes]] | None = None,
) -> httpx.Response:
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": str(somebody.client.base_url).rstrip("/")}
    return await somebody.led(await somebody.client.post(path, data=dict(fields), files=files, headers=headers))


def uploads(web_node: WebNode) -> int:
    with web_node.program.work() as work:
        return work.connection.execute(select(func.count()).select_from(FOLK.uploads)).scalar_one()


async def test_a_spreadsheet_comes_in_after_its_columns_were_corrected_and_a_preview_kept_nothing(
    web_node: WebNode, robin: Browser
) -> None:
    address = (await bring(robin, GOOD.encode())).headers["location"]
    page = (await robin.see(address)).text
    fields = served_fields(page, address)
    assert (fields["column-0"], fields["column-1"]) == ([""], ["email"])
    assert "Amara Okafor · Zoé Brûlé" in page

    chosen = {**fields, "column-0": "name", "kind": "mentee"}
    shown = await post(robin, address, chosen)
    assert "2 new people" in shown.text
    assert "one row to mend" in shown.text
    assert "this is not an e-mail address." in shown.text
    assert web_node.services.people.list(CLERK, PeopleFilter()).total == 0

    report = await post(robin, f"{address}/problems", served_fields(shown.text, f"{address}/problems"))
    assert report.headers["content-disposition"] == 'attachment; filename="to-mend.csv"'
    assert "3,e-mail,this is not an e-mail address." in report.content.decode("utf-8-sig")
    back = await post(robin, address, {**served_fields(shown.text, address), "back": "yes"})
    assert served_fields(back.text, address)["column-0"] == ["name"]

    done = await post(robin, f"{address}/bring", served_fields(shown.text, f"{address}/bring"))
    assert "2 new people came in" in done.text
    names = [one.name for one in web_node.services.people.list(CLERK, PeopleFilter()).people]
    assert names == ["Amara Okafor", "=HYPERLINK(1)"]
    assert uploads(web_node) == 0
    assert (await robin.see(address)).status_code == 410


async def test_a_file_brought_again_changes_those_who_are_here_if_that_is_asked_for(
    web_node: WebNode, robin: Browser
) -> None:
    web_node.program.add(
        a_person(contact=Contact(name="Amara Okafor", email="amara@example.org", phone="403 555 0100"))
    )
    text = "name,email,occupation,languages,notes\nAmara Okafor,amara@example.org,21300,en:9,came by\n"
    address = (await bring(robin, text.encode())).headers["location"]
    fields = served_fields((await robin.see(address)).text, address) | {"kind": ["mentee"]}

    refused = await post(robin, address, fields)
    assert "this person is in the program already." in refused.text
    assert "Bring them in" not in refused.text
    shown = await post(robin, address, {**fields, "update": "yes"})
    assert "one person changed" in shown.text
    await post(robin, f"{address}/bring", served_fields(shown.text, f"{address}/bring"))

    with web_node.program.work() as work:
        (person,) = work.people.find(PeopleFilter())
    assert (person.contact.notes, person.contact.phone, person.profile.languages[0].level) == (
        "came by",
        "403 555 0100",
        9,
    )
    web_node.program.add(replace(a_mentor(), contact=Contact(name="Zoé Brûlé", email="zoe@example.org")))
    mixed = f"{text}Zoé Brûlé,zoe@example.org,21300,en:9,a mentor here\n"
    mixed_at = (await bring(robin, mixed.encode())).headers["location"]
    assert "one row to mend" in (await post(robin, mixed_at, {**fields, "update": "yes"})).text
    again = (await bring(robin, text.encode())).headers["location"]
    assert "nobody changed" in (await post(robin, again, {**fields, "update": "yes"})).text


async def test_a_file_is_kept_sealed_for_an_hour_for_the_one_who_brought_it(web_node: WebNode, robin: Browser) -> None:
    with web_node.program.work() as work:
        work.users.add(KIM)
    web_node.services.entrance.set_password(OPERATOR, KIM.email, PASSWORD)
    address = (await bring(robin, (GOOD + f"A B,,21300,en,{'x' * 2000}\n" * 1000).encode())).headers["location"]

    async with browser(web_node.app()) as kim:
        await kim.sign_in(KIM.email)
        assert (await kim.see(address)).status_code == 410
    assert (await robin.see(address)).status_code == 200
    web_node.clock.advance(timedelta(hours=1, seconds=1))
    await robin.sign_in()
    assert (await robin.see(address)).status_code == 410
    web_node.services.people.uploads.keep.forget_old(SYSTEM)
    assert uploads(web_node) == 0


async def test_a_title_nobody_knows_is_explained_once_for_all_its_rows_and_the_file_stays_as_it_is(
    web_node: WebNode, robin: Browser
) -> None:
    rows = [f"Person {number},p{number}@example.org,{title},en:8\n" for number, title in enumerate(TITLES)]
    address = (await bring(robin, ("name,email,occupation,languages\n" + "".join(rows)).encode())).headers["location"]
    fields = served_fields((await robin.see(address)).text, address) | {"kind": ["mentee"]}
    shown = await post(robin, address, fields)
    assert "Occupations that were not found" in shown.text
    assert "In 2 rows: 2, 3." in shown.text
    assert "Bring them in" in shown.text  # those who can be read

    asked = form_of(shown.text, address)
    near = re.findall(r'name="means-0" value="(\d{5})"', shown.text)
    assert near
    later = await post(robin, address, {**asked, "means-0": near[0], "words-1": "zzz qqq"})
    assert "In 2 rows" not in later.text
    assert "In row 4." in later.text
    last = await post(robin, address, {**form_of(later.text, address), "words-0": "Civil engineers"})
    assert "no row to mend" in last.text
    await post(robin, f"{address}/bring", served_fields(last.text, f"{address}/bring"))

    with web_node.program.work() as work:
        found = {one.contact.name: one.profile.occupation for one in work.people.find(PeopleFilter())}
    assert found == {"Person 0": near[0], "Person 1": near[0], "Person 2": "21300", "Person 3": "21300"}


TITLES = ("Bridge wizardry engineer", "bridge wizardry  ENGINEER", "Xylophage", "21300")


def form_of(page: str, action: str) -> dict[str, Sequence[str]]:
    """The form in which titles are explained: it has the field of a title."""
    forms = page.split("<form ")
    wanted = next(one for one in forms if f'action="{action}"' in one and 'name="title-0"' in one)
    return dict(served_fields(f"<form {wanted}", action))


async def test_hostile_files_are_refused_in_words_and_nothing_of_them_is_kept(
    web_node: WebNode, robin: Browser
) -> None:
    refused = {name: one for name, one in HOSTILE.items() if one.said}
    before = getrusage(RUSAGE_SELF).ru_maxrss
    for name, one in refused.items():
        answer = await bring(robin, one.made(), one.name)

        assert answer.status_code == 422, (name, answer.text[-800:])
        assert re.search(one.said, told(answer)), (name, told(answer))
    assert getrusage(RUSAGE_SELF).ru_maxrss - before < MOST_MEMORY
    page = served_fields((await robin.see("/people/import")).text, "/people/import")
    assert "Choose a file." in (await post(robin, "/people/import", {"token": page["token"]})).text
    assert uploads(web_node) == 0


async def test_of_hostile_files_that_can_be_looked_at_nobody_comes_in_by_half_and_nothing_runs(
    web_node: WebNode, robin: Browser
) -> None:
    assert len(HOSTILE) >= 60
    for name, one in HOSTILE.items():
        if one.said:
            continue
        answer = await bring(robin, one.made(), one.name)
        if answer.status_code == 422:
            assert told(answer), name
            continue
        address = answer.headers["location"]
        looked = await robin.see(address)
        fields = {**served_fields(looked.text, address), "kind": ["mentee"], "partly": []}
        guessed = any(any(fields[field]) for field in fields if field.startswith("column-"))
        shown = await post(robin, address, fields if guessed else {**fields, "column-0": ["name"]})
        for page in (looked, shown):
            assert page.status_code == 200, (name, page.text[-800:])
            assert not re.search("<script>alert|<img (src=x|o)|<svg o|root:x|49 49|Traceback", page.text), name
            assert page.headers["x-content-type-options"] == "nosniff"
        assert "/bring" not in shown.text, name
        assert re.search("rows? to mend", shown.text), name
        said = await post(robin, f"{address}/problems", served_fields(shown.text, f"{address}/problems"))
        assert not re.search("(?m)^[=+@-]", said.content.decode("utf-8-sig")), name
    assert web_node.services.people.list(CLERK, PeopleFilter()).total == 0


def told(answer: httpx.Response) -> str:
    """The mistake that a page tells."""
    found = re.search(r'role="alert".*?</div>', answer.text, re.DOTALL)
    return "" if found is None else re.sub(r"<[^>]*>|\s+", " ", found[0])


MOST_MEMORY = 150 * 1024
"""Kilobytes by which this process may grow."""


def twins(web_node: WebNode) -> tuple[Person, Person]:
    one = a_person(contact=Contact(name="Amara Okafor", email="amara@example.org", notes="old"))
    traits = replace(
        a_profile(occupation="31301", languages="fr:9; en:12"), slots=("mon-evening",), topics=(Topic.RESUME,)
    )
    contact = Contact(name="Amara Okafor", email="amara.new@example.org", phone="403 555 0100")
    other = a_person(contact=contact, profile=traits)
    return web_node.program.add(one), web_node.program.add(other)


async def test_two_entries_become_one_value_by_value_and_what_was_agreed_stays(
    web_node: WebNode, robin: Browser
) -> None:
    one, other = twins(web_node)
    web_node.services.consents.add(CLERK, NewConsent(person=other.id, purpose=Purpose.OUTSIDE, given=Given.PHONE))
    found = (await robin.see("/people/duplicates")).text
    assert "same name" in found
    address = f"/people/duplicates/{one.id}/{other.id}"
    assert address in found

    compared = (await robin.see(address)).text
    for said in ("English, French (level 9)", "Monday evening", "résumé", "Civil engineers (21300)"):
        assert said in compared
    fields = served_fields(compared)
    assert (fields["kept"], fields["from-notes"], fields["from-phone"]) == ([one.id], [one.id], [other.id])
    stale = await post(robin, address, {**fields, f"version-{other.id}": "7"})
    assert stale.status_code == 422
    assert "Somebody changed one of the two meanwhile" in stale.text
    merged = await post(robin, address, {**fields, "from-email": other.id})

    assert merged.headers["location"].startswith(f"/people/{one.id}?done=merged")
    with web_node.program.work() as work:
        (person,) = work.people.find(PeopleFilter())
        assert (person.contact.email, person.contact.phone, person.contact.notes) == (
            "amara.new@example.org",
            "403 555 0100",
            "old",
        )
        assert len(work.consents.of(person.id)) == 1
    page = (await robin.see(f"/people/{one.id}/timeline")).text
    assert "two entries became one" in page
    web_node.services.people.erase(CLERK, one.id)
    with web_node.program.work() as work:
        assert len(work.erasures.all()) == 2


async def test_two_who_only_look_alike_stay_two_and_kinds_are_never_mixed(web_node: WebNode, robin: Browser) -> None:
    one, other = twins(web_node)
    address = f"/people/duplicates/{one.id}/{other.id}"
    page = (await robin.see("/people/duplicates")).text

    assert (await post(robin, f"{address}/apart", served_fields(page, f"{address}/apart"))).status_code == 303
    assert "Nobody looks like somebody else." in (await robin.see("/people/duplicates")).text
    same = f"/people/duplicates/{one.id}/{one.id}"
    refused = await post(robin, same, served_fields((await robin.see(same)).text))
    assert "Both are the same entry." in refused.text
