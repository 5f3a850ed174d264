"""Spreadsheets through the page: columns corrected, a preview that keeps nothing, hostile files."""

import io
import re
import zipfile
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from openpyxl import Workbook
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
    return await somebody.client.post(path, data=dict(fields), files=files, headers=headers)


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


def book(rows: Sequence[Sequence[str]], **parts: bytes) -> bytes:
    """A workbook, and parts beside its own."""
    made, out = Workbook(write_only=True), io.BytesIO()
    sheet = made.create_sheet()
    for row in rows:
        sheet.append(list(row))
    made.save(out)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(name.replace("__", "/").replace("_", "."), part)
    return out.getvalue()


def sheet(cells: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{cells}</sheetData></worksheet>")
    return out.getvalue()


def lying() -> bytes:
    """A part that says it is small and is not."""
    honest = book([["name"]], xl__big_bin=b"0" * 5_000_000)
    return honest.replace((5_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))


UNREADABLE, TOO_LARGE = "cannot be read", "larger inside than any list"
HOSTILE = {
    "nothing": (b"", UNREADABLE),
    "blanks": (b" \n\n ", UNREADABLE),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), UNREADABLE),
    "zeros": (bytes(4096), UNREADABLE),
    "half of an encoding": (b"\xff\xfen\0a\0m\0e", UNREADABLE),
    "four bytes a letter": ("name,email\nA B,a@b.org".encode("utf-32"), UNREADABLE),
    "an old Excel file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), UNREADABLE),
    "a torn zip": (book([["name"]])[:-30], UNREADABLE),
    "another zip": (b"PK\x03\x04" + b"x" * 50, UNREADABLE),
    "macros": (book([["name"]], xl__vbaProject_bin=b"x"), "holds macros"),
    "a zip bomb": (book([["name"]], xl__big_bin=bytes(150_000_000)), TOO_LARGE),
    "a zip that lies": (lying(), UNREADABLE),
    "a far corner": (sheet('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>'), TOO_LARGE),
    "an area without end": (
        sheet('<row r="1"><c r="IV1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
        TOO_LARGE,
    ),
    "cells without address": (sheet(f"<row>{'<c><v>1</v></c>' * 1000}</row>"), TOO_LARGE),
    "a million columns": (b"," * 1_000_000 + b"\n", None),
    "three hundred columns": (b"name," + b"x," * 400 + b"\n", TOO_LARGE),
    "an endless cell": (b'name\n"' + b"x" * 200_000, UNREADABLE),
}


async def test_hostile_files_are_refused_in_words_and_nothing_of_them_is_kept(
    web_node: WebNode, robin: Browser
) -> None:
    for name, (content, said) in HOSTILE.items():
        answer = await bring(robin, content)

        assert answer.status_code == 422, (name, answer.text[-800:])
        assert said is None or re.search(said, answer.text), name
    large = await bring(robin, b"name,email\n" + b"x" * (10 * 1024 * 1024))
    assert "The file is too large." in large.text
    page = served_fields((await robin.see("/people/import")).text, "/people/import")
    assert "Choose a file." in (await post(robin, "/people/import", {"token": page["token"]})).text
    assert uploads(web_node) == 0


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
