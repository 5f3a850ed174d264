"""A program that stands alone: what it is told of joining, what is wrong with its node, and what helps."""

import pytest

from tests.support.web import WebNode, browser

pytestmark = pytest.mark.anyio


async def test_a_program_that_is_alone_is_told_how_to_join_and_a_wrong_code_is_refused(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        page = await robin.see("/others/node")
        alone = [(await robin.see(f"/others/{where}")).text for where in ("programs",)]
        blank = await robin.send("/others/node/join", {"code": ""}, page="/others/node")
        typed = {"code": "nonsense", "size": "25_to_99", "publishes": "counts"}
        wrong = await robin.send("/others/node/join", typed, page="/others/node")

    assert "takes part in no federation yet" in page.text
    assert "There is no backup." in page.text
    assert "Only an administrator can do this." in page.text
    assert all("has not joined a federation yet" in text for text in alone)
    assert (blank.status_code, wrong.status_code) == (422, 422)
    assert "Enter the code." in blank.text
    assert "Ask a steward for a new join code" in wrong.text
    assert 'value="nonsense"' in wrong.text
    assert 'value="25_to_99" selected' in wrong.text


async def test_an_administrator_renews_keys_and_backs_up_and_a_coordinator_does_not(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        kept_out = await robin.send("/others/node/keys", {}, page="/others/node")
        with web_node.program.work() as work:
            work.connection.exec_driver_sql("update users set role = 'administrator'")
        before = await robin.see("/others/node")
        renewed = await robin.send("/others/node/keys", {}, page="/others/node")
        backed_up = await robin.send("/others/node/backup", {}, page="/others/node")
        after = await robin.see(backed_up.headers["location"])

    assert kept_out.status_code == 403
    assert "Master key, version 1" in before.text
    assert renewed.headers["location"] == "/others/node?done=keys"
    assert "Master key, version 2" in after.text
    assert "The backup is made." in after.text
    assert "There is no backup." not in after.text
