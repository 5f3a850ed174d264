"""Forms that were not made here, or not for this visit."""

import re

import pytest

from tests.support.web import EMAIL, PASSWORD, WebNode, browser

pytestmark = pytest.mark.anyio
FIELDS = {"email": EMAIL, "password": PASSWORD}


@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
async def test_a_form_without_the_token_of_the_visit_is_refused(web_node: WebNode, token: str) -> None:
    async with browser(web_node.app()) as robin:
        await robin.see("/sign-in")
        answer = await robin.post("/sign-in", {**FIELDS, "token": token})

    assert answer.status_code == 403
    assert "This form is too old to be used." in answer.text


async def test_a_token_of_another_visit_is_refused(web_node: WebNode) -> None:
    app = web_node.app()
    async with browser(app) as attacker, browser(app) as robin:
        theirs = (await attacker.see("/sign-in")).text.partition('name="token" value="')[2][:64]
        await robin.see("/sign-in")

        assert (await robin.post("/sign-in", {**FIELDS, "token": theirs})).status_code == 403


async def test_a_form_without_a_visit_is_refused(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        token = (await robin.see("/sign-in")).text.partition('name="token" value="')[2][:64]
        robin.client.cookies.clear()

        assert (await robin.post("/sign-in", {**FIELDS, "token": token})).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec_Fetch_Site": "", "Origin": "https://evil.example"},
        {"Sec_Fetch_Site": "", "Origin": ""},
    ],
)
async def test_another_site_cannot_sign_anybody_out(web_node: WebNode, headers: dict[str, str]) -> None:
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        answer = await robin.send("/sign-out", {}, page="/", **headers)

        assert answer.status_code == 403
        assert (await robin.see("/")).status_code == 200


@pytest.mark.parametrize("path", ["/sign-out", "/sign-out-everywhere"])
async def test_signing_out_takes_a_token_and_a_post(web_node: WebNode, path: str) -> None:
    async with browser(web_node.app()) as robin:
        await robin.sign_in()

        assert (await robin.see(path)).status_code == 405
        assert (await robin.post(path, {})).status_code == 403
        assert (await robin.see("/")).status_code == 200


async def test_a_page_under_a_foreign_name_is_refused(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        assert (await robin.see("/sign-in", Host="evil.example:8200")).status_code == 421


@pytest.mark.parametrize("wish", ["//evil.example", "https://evil.example", "/\\\\evil.example"])
async def test_no_address_leads_elsewhere(web_node: WebNode, wish: str) -> None:
    names = ("next", "done", "lang", "return")
    async with browser(web_node.app()) as robin:
        pages = [await robin.client.get("/sign-in", params={name: wish}) for name in names]
        led = await robin.send("/sign-in", {**FIELDS, "next": wish, "return": wish})

    assert [page.status_code for page in pages] == [200] * len(names)
    links = [link for page in pages for link in re.findall(r' (?:href|action|src)="([^"]*)"', page.text)]
    assert all(re.match(r"[#?]|/(?!/)[^\\]", link) for link in links)
    assert len(links) >= 7 * len(names)
    assert led.headers["location"] == "/"


async def test_an_odd_path_is_no_way_out(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        answer = await robin.see("/%2F%2Fevil.example/")

    assert answer.status_code == 404
    assert "location" not in answer.headers


async def test_what_is_typed_is_shown_as_text(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        answer = await robin.sign_in('"><script>alert(1)</script>')

    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text
