"""The rules of matching as a form: tried with their effect shown before they are kept."""

import re

import pytest

from node.domain.person import Contact, Kind
from tests.support.crossing import CLERK
from tests.support.node import a_person, a_profile
from tests.support.web import Browser, WebNode, browser

pytestmark = pytest.mark.anyio
PATH = "/settings/rules"


def people(node: WebNode) -> None:
    """A civil engineer waits; an engineer of another kind speaks her language better than the one of her own."""
    node.program.add(a_person(contact=Contact(name="Amara Okafor"), profile=a_profile(languages="en:12")))
    for name, occupation, languages in (("Mary Mentor", "21300", "en:4"), ("Omar Mentor", "21301", "en:12")):
        profile = a_profile(occupation=occupation, languages=languages, seats=1)
        node.program.add(a_person(Kind.MENTOR, contact=Contact(name=name), profile=profile))


def filled(page: str) -> dict[str, str]:
    """The form as it was served."""
    inputs = re.findall(r'<input type="number" value="(\d+)"[^>]*? name="([^"]+)"', page)
    version = re.search(r'name="version" value="([0-9a-f]+)"', page)
    assert version is not None
    return {**{name: value for value, name in inputs}, "version": version[1]}


def effect_of(page: str) -> dict[str, str]:
    """What the page of an effect would keep."""
    text = re.search(r'name="text" value="([^"]+)"', page)
    version = re.search(r'name="version" value="([0-9a-f]+)"', page)
    assert text is not None
    assert version is not None
    return {"text": text[1], "version": version[1]}


async def tried(robin: Browser, **changed: str) -> str:
    fields = filled((await robin.see(PATH)).text)
    fields.update({name.replace("__", "."): value for name, value in changed.items()})
    return (await robin.send(f"{PATH}/try", fields, page=PATH)).text


async def test_other_weights_show_who_is_concerned_before_they_are_kept(web_node: WebNode) -> None:
    people(web_node)
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        page = await tried(
            robin, weights__occupation="0", drafts__local_seats_percent="50", drafts__second_person="yes"
        )

        assert "For one of 1 mentees another mentor comes first." in page
        assert "would lose no match by the places kept" in page
        assert re.search(r"Amara Okafor</a></th>\s*<td[^>]*>Mary Mentor</td>\s*<td[^>]*>Omar Mentor</td>", page)
        assert 'value="400"' in (await robin.see(PATH)).text
        wanted = effect_of(page)
        assert (await robin.send(PATH, wanted, page=PATH)).status_code == 303
        kept = (await robin.see(PATH)).text
        assert 'value="400"' not in kept
        assert re.search(r'name="drafts.second_person" value="yes" checked', kept)

        told = await robin.send(PATH, wanted, page=PATH)
        assert told.status_code == 422
        assert "Somebody else changed this meanwhile." in told.text
        assert (await robin.send(PATH, effect_of(told.text), page=PATH)).status_code == 303


async def test_a_number_that_makes_no_sense_is_told_at_its_field(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        assert 'href="#limits.language_level">Enter a number from 4 to 12.' in await tried(
            robin, limits__language_level="13"
        )
        assert 'href="#weights.topics">Enter a whole number.' in await tried(robin, weights__topics="many")
        weights = filled((await robin.see(PATH)).text)
        zero = {name.replace(".", "__"): "0" for name in weights if name.startswith("weights.")}
        assert "Give at least one criterion more than 0." in await tried(robin, **zero)


async def test_rules_travel_as_a_file(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        file = await robin.see(f"{PATH}/file")
        assert "occupation = 400" in file.text
        assert "attachment" in file.headers["content-disposition"]
        page = (await robin.see(PATH)).text
        token = re.search(r'name="token" value="(\w+)"', page)
        assert token is not None
        fields = {"token": token[1], "version": filled(page)["version"]}
        headers = {"Sec-Fetch-Site": "same-origin"}

        async def upload(body: bytes) -> str:
            sent = {"rules": ("rules.toml", body)}
            answer = await robin.client.post(f"{PATH}/file", data=fields, files=sent, headers=headers)
            return (await robin.led(answer)).text

        assert 'value="7"' in await upload(b"[weights]\ntopics = 7\n")
        assert "cannot be read" in await upload(b"\xff\xfe")
        assert "cannot be read" in await upload(b"[colours]\n")
        web_node.services.matching.save_rules(CLERK, "[weights]\ntopics = 8\n")
        assert "topics = 8" in (await robin.see(f"{PATH}/file")).text
