"""Settings: what is changed is read everywhere at once, and who may not change it finds nothing to change."""

import re

import pytest

from node.domain.actor import Role
from node.domain.retention import Kept
from node.domain.user import UserState
from node.services.users import ChangeUser, UserChanges
from tests.support.web import EMAIL, OPERATOR, ROBIN, WebNode, browser

pytestmark = pytest.mark.anyio


@pytest.fixture
def administered(web_node: WebNode) -> WebNode:
    """The node, whose coordinator administers it."""
    on = web_node.services.adapters
    ChangeUser(on.work, on.clock)(OPERATOR, ROBIN.id, UserChanges(role=Role.ADMINISTRATOR))
    return web_node


async def test_the_program_is_renamed_and_the_second_who_does_it_is_told(administered: WebNode) -> None:
    async with browser(administered.app()) as robin:
        await robin.sign_in()
        new = {"name": "Prairie Mentors", "region": "Alberta", "language": "fr"}
        first = await robin.send("/settings", {"version": "1", **new})
        page = (await robin.see("/settings")).text
        second = await robin.send("/settings", {"version": "1", **new, "name": "Other Mentors"})

    assert first.status_code == 303
    assert "<span>Prairie Mentors</span>" in page
    assert second.status_code == 422
    assert "Somebody changed this" in second.text
    assert 'value="Other Mentors"' in second.text


async def test_a_community_is_added_once(administered: WebNode) -> None:
    async with browser(administered.app()) as robin:
        await robin.sign_in()
        added = await robin.send("/settings/communities", {"community": "Dunmore"}, page="/settings")
        again = await robin.send("/settings/communities", {"community": " dunmore "}, page="/settings")
        blank = await robin.send("/settings/communities", {"community": " "}, page="/settings")

    assert added.status_code == 303
    assert [again.status_code, blank.status_code] == [422, 422]
    assert 'href="#community"' in again.text


async def test_somebody_new_gets_a_link_and_signs_in_with_it(administered: WebNode) -> None:
    app = administered.app()
    async with browser(app) as robin:
        await robin.sign_in()
        made = await robin.send(
            "/settings/staff",
            {"name": "Kim Lee", "email": "kim@example.org", "role": "auditor"},
            page="/settings/staff",
        )
        twice = await robin.send(
            "/settings/staff",
            {"name": "Kim Lee", "email": "kim@example.org", "role": "auditor"},
            page="/settings/staff",
        )
    link = re.search(r"/password/[\w-]+", made.text)
    assert link
    assert twice.status_code == 422
    async with browser(app) as kim:
        await kim.send(link[0], {"password": "four plain words here", "again": "four plain words here"})
        signed = await kim.sign_in("kim@example.org", "four plain words here")
        answers = [await kim.see(path) for path in ("/privacy/ledger", "/settings", "/settings/staff", "/mentorships")]

    assert signed.status_code == 303
    assert [answer.status_code for answer in answers] == [200, 403, 403, 403]


async def test_the_last_administrator_stays_one(administered: WebNode) -> None:
    async with browser(administered.app()) as robin:
        await robin.sign_in()
        refused = await robin.send(f"/settings/staff/{ROBIN.id}", {"role": "coordinator"}, page="/settings/staff")

    assert refused.status_code == 422
    with administered.services.adapters.reading() as work:
        assert work.users.get(ROBIN.id).role is Role.ADMINISTRATOR
        assert work.users.get(ROBIN.id).state is UserState.ACTIVE


async def test_lengths_are_chosen_and_odd_ones_refused(administered: WebNode) -> None:
    days = {kind.value: "400" for kind in Kept}
    async with browser(administered.app()) as robin:
        await robin.sign_in()
        kept = await robin.send("/settings/keeping", days)
        shown = (await robin.see("/privacy/forgetting")).text
        refused = await robin.send("/settings/keeping", {**days, "letters": "0"})
        too_short = await robin.send("/settings/keeping", {**days, "requests": "364"})

    assert kept.status_code == 303
    assert "400 days" in shown
    assert refused.status_code == 422
    assert 'href="#letters"' in refused.text
    assert too_short.status_code == 422
    assert 'href="#requests"' in too_short.text
    assert "is kept for 365 to 3660 days" in too_short.text


async def test_a_token_is_shown_once_and_ended(administered: WebNode) -> None:
    async with browser(administered.app()) as robin:
        await robin.sign_in()
        blank = await robin.send("/settings/tokens", {"name": "Report"})
        made = await robin.send("/settings/tokens", {"name": "Report", "scopes": "reports:read"})
        secret = re.search(r"mw_[\w-]{40,}", made.text)
        listed = (await robin.see("/settings/tokens")).text
        end = re.search(r'action="(/settings/tokens/[^"]+/end)"', listed)
        assert secret
        assert end
        await robin.send(end[1], {}, page="/settings/tokens")
        after = (await robin.see("/settings/tokens")).text

    assert blank.status_code == 422
    assert secret[0] not in listed
    assert "Report" in listed
    assert "Report" not in after


async def test_a_coordinator_finds_only_the_settings_that_are_hers(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        await robin.sign_in(EMAIL)
        paths = ("/settings", "/settings/staff", "/settings/keeping", "/settings/health")
        begun, *answers = [await robin.see(path) for path in paths]

    assert begun.headers["location"] == "/settings/rules"
    assert [answer.status_code for answer in answers] == [403, 403, 200]
    shown = answers[-1].text
    assert '<a href="/settings/health" aria-current="page">' in shown
    assert '<a href="/settings" aria-current="true">' in shown
    assert ("/settings/rules" in shown, "/settings/staff" in shown, "Backup" in shown) == (True, False, True)
