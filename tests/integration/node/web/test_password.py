"""Choosing a password with a link from the operator."""

from datetime import timedelta

import pytest

from node.domain.signin import LINK_TERM, UnknownUserError
from tests.support.web import EMAIL, OPERATOR, PASSWORD, WebNode, browser

pytestmark = pytest.mark.anyio
CHOSEN = "seven geese over the river"


def a_link(web_node: WebNode) -> str:
    return f"/password/{web_node.services.entrance.give_link(OPERATOR, EMAIL).token}"


async def test_a_link_sets_a_password_once(web_node: WebNode) -> None:
    link = a_link(web_node)
    async with browser(web_node.app()) as robin:
        set_now = await robin.send(link, {"password": CHOSEN, "again": CHOSEN})
        told = await robin.see(set_now.headers["location"])
        again = await robin.see(link)

        assert set_now.headers["location"] == "/sign-in?done=password"
        assert "Your password is set." in told.text
        assert again.status_code == 410
        assert (await robin.sign_in(password=PASSWORD)).status_code == 422
        assert (await robin.sign_in(password=CHOSEN)).status_code == 303


async def test_looking_at_a_link_does_not_spend_it(web_node: WebNode) -> None:
    link = a_link(web_node)
    async with browser(web_node.app()) as scanner, browser(web_node.app()) as robin:
        for _ in range(3):
            assert (await scanner.see(link)).status_code == 200

        assert (await robin.send(link, {"password": CHOSEN, "again": CHOSEN})).status_code == 303


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        (CHOSEN, CHOSEN + ".", "The two passwords differ."),
        ("short", "short", "A password has 12 to 200 characters."),
        ("robin robin robin", "robin robin robin", "This password is easy to guess."),
    ],
)
async def test_a_poor_choice_is_explained_and_may_be_repeated(
    web_node: WebNode, password: str, again: str, said: str
) -> None:
    link = a_link(web_node)
    async with browser(web_node.app()) as robin:
        answer = await robin.send(link, {"password": password, "again": again})

        assert answer.status_code == 422
        assert said in answer.text
        assert password not in answer.text
        assert (await robin.send(link, {"password": CHOSEN, "again": CHOSEN})).status_code == 303


async def test_a_link_runs_out_and_a_newer_one_replaces_it(web_node: WebNode) -> None:
    old, new = a_link(web_node), a_link(web_node)
    async with browser(web_node.app()) as robin:
        assert (await robin.see(old)).status_code == 410
        assert (await robin.see(new)).status_code == 200
        web_node.clock.advance(LINK_TERM + timedelta(seconds=1))
        assert (await robin.see(new)).status_code == 410
        assert (await robin.see("/password/guessed")).status_code == 410


async def test_there_is_no_link_for_somebody_unknown(web_node: WebNode) -> None:
    with pytest.raises(UnknownUserError):
        web_node.services.entrance.give_link(OPERATOR, "nobody@example.org")
