"""A draft on its board in a real browser: somebody is dragged, somebody else moved by keyboard, and both come back."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.web.conftest import Served
from tests.e2e.web.test_first_page import check, sign_in

MENTORS = ("Mary Mentor", "Omar Mentor")
MENTEES = ("Amara Okafor", "Linh Pham")


@pytest.fixture
def draft(served: Served, tmp_path: Path) -> str:
    """The path of a draft: each of two mentees has a mentor, who has a seat more; only they speak Tigrinya."""
    for kind, names, seats in (("mentors", MENTORS, 2), ("mentees", MENTEES, "")):
        file = tmp_path / f"{kind}.csv"
        rows = [f"{name},{name.split()[0].lower()}@example.org,Redcliff,21300,ti:9,{seats}" for name in names]
        file.write_text("\n".join(("name,email,community,occupation,languages,seats", *rows)), "utf-8")
        served.run("people", "import", str(file), "--kind", kind)
    return f"/matching/drafts/{json.loads(served.run('match', 'draft', '--json'))['id']}"


def test_somebody_is_moved_by_drag_and_another_by_keyboard_and_both_are_undone(page: Page, draft: str) -> None:
    sign_in(page, "en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    page.goto(draft)
    left = page.get_by_role("region", name="Without a mentor")
    card = page.locator(".seat", has_text="Mary Mentor")
    seated = page.locator(".seat", has_text=re.compile("|".join(MENTORS))).locator(".person")
    status = page.locator("#live")
    expect(seated).to_have_count(2)
    check(page, 1280)

    # By mouse, held over "Without a mentor" until the reasons are told.
    amara = page.locator(".person", has_text="Amara Okafor")
    amara.hover()
    page.mouse.down()
    for x in (40, 60):
        left.hover(position={"x": x, "y": 20})
    expect(status).to_contain_text("Amara Okafor without a mentor")
    page.mouse.up()
    expect(status).to_have_text("Moved. You can undo it.")
    expect(left).to_contain_text("Amara Okafor")
    expect(page.get_by_role("button", name="Undo the change for Amara Okafor")).to_be_visible()

    # By keyboard alone.
    page.get_by_role("link", name="Move Linh Pham").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Leave without a mentor").press("Enter")
    page.get_by_role("button", name="Keep this move").press("Enter")
    expect(page.get_by_text("Moved. You can undo it.")).to_be_visible()
    expect(seated).to_have_count(0)
    expect(card).to_contain_text("2 free places")

    for name in ("Linh Pham", "Amara Okafor"):
        page.get_by_role("button", name=re.compile(f"Undo the change for {name}")).press("Enter")
    expect(seated).to_have_count(2)
    expect(page.get_by_role("button", name=re.compile("Undo"))).to_have_count(0)
