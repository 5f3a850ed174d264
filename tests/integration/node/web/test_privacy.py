"""The privacy pages: what we offer before anybody is counted, the four words, the book as a file, and forgetting."""

import re

import pytest

from node.domain.person import Visibility
from node.web.asking import example_of
from tests.support.web import ROBIN, WebNode, browser

pytestmark = pytest.mark.anyio


async def test_an_officer_reads_what_would_leave_says_yes_and_finds_her_yes_in_the_book(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        before = await robin.see("/privacy")
        agreed = await robin.send("/privacy/agree", {}, page="/privacy")
        after = await robin.see(agreed.headers["location"])
        ledger = await robin.see("/privacy/ledger")
        checked = await robin.see("/privacy/ledger?noted=")
        file = await robin.send("/privacy/ledger/csv", {}, page="/privacy/ledger")

    assert "Nobody has said yes to this yet" in before.text
    assert "Your yes is written down" in after.text
    assert "Somebody said yes to this on" in after.text
    assert f"{ROBIN.name} said yes to" in ledger.text
    assert "Does the book hold?" in ledger.text
    assert re.search(r"<td[^>]*>\w+ \d+ at \d\d:\d\d</td>", ledger.text), "the time of the place, not of the server"
    assert "The book holds" in checked.text
    assert file.headers["content-disposition"] == 'attachment; filename="ledger.csv"'
    assert f"{ROBIN.name} said yes to" in file.text


async def test_a_fingerprint_that_is_not_in_the_book_is_told(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        told = await robin.see("/privacy/ledger?noted=" + "a" * 64)
        odd = await robin.see("/privacy/ledger?noted=zz")

    assert "The book does not hold" in told.text
    assert odd.status_code == 422


async def test_the_four_words_are_shown_with_what_others_would_see(web_node: WebNode) -> None:
    async with browser(web_node.app(), language="fr-CA") as robin:
        await robin.sign_in()
        page = (await robin.see("/privacy/visibility")).text

    for word in ("Seulement ici", "Demandez-moi d&#39;abord", "Vous pouvez me proposer", "Affiché"):
        assert word in page
    assert "environ 7 (entre" not in page, "this program never gave a count"
    assert page.count("Notre programme ne donne pas de comptes") == 2
    assert [example_of(level, counted=True).rpartition(".")[2] for level in Visibility] == ["0", "1", "2", "3"]


async def test_forgetting_shows_every_clock(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        page = (await robin.see("/privacy/forgetting")).text

    assert page.count("days</td>") >= 5
    assert "one day</td>" in page
    assert "No other program was told to forget anybody." in page
