"""The page that lists the clocks of retention says what the code does."""

from pathlib import Path

from node.domain.retention import BACKUPS_KEPT, DEFAULT_DAYS, FEWEST_DAYS, Kept
from node.services.erasing import SUMMARY_LASTS
from node.words import Words
from tests.architecture.tree import read

PAGE = read(Path("docs/privacy/retention.md"))


def test_every_clock_stands_on_the_page_with_its_days_its_least_and_its_reason() -> None:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line[:1] == "|"]
    say = Words("en")

    assert [(kind, days, least, setting) for kind, days, least, _, why, setting in rows[2:] if why] == [
        (say(f"kept.{kind}"), str(DEFAULT_DAYS[kind]), str(FEWEST_DAYS[kind]), f"`keep_{kind}_days`") for kind in Kept
    ]


def test_no_default_is_shorter_than_what_is_allowed() -> None:
    assert all(FEWEST_DAYS[kind] <= DEFAULT_DAYS[kind] for kind in Kept)


def test_what_goes_without_a_clock_is_said_as_it_is() -> None:
    assert f"backups, the newest {BACKUPS_KEPT};" in PAGE
    assert f"a summary, {SUMMARY_LASTS.days} days" in PAGE
