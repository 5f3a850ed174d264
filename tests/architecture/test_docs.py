"""The documentation says what the code does: reference pages are current, links lead somewhere, no page is lost."""

import re
from pathlib import Path

from tests.architecture.reference import errors, pages
from tests.architecture.tree import ROOT, files, read

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def test_the_reference_lists_every_command_setting_and_error_code(*, update_docs: bool) -> None:
    if update_docs:
        for path, text in pages().items():
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(text, "utf-8")

    stale = [str(path) for path, text in pages().items() if not (ROOT / path).exists() or read(path) != text]

    assert stale == [], "run `make docs`"


def test_a_code_names_one_rule() -> None:
    named = [(code, f"{error.__module__}.{error.__qualname__}", error) for code, error in errors()]

    assert [
        f"{code}: {here} and {there}"
        for number, (code, here, error) in enumerate(named)
        for same, there, other in named[number + 1 :]
        if same == code and not issubclass(error, other) and not issubclass(other, error)
    ] == []


def links(page: Path) -> set[Path]:
    """What a page links to inside the house, as paths from the top."""
    targets = (target.partition("#")[0] for target in LINK.findall(read(page)) if "://" not in target)
    return {(ROOT / page.parent / target).resolve().relative_to(ROOT) for target in targets if target}


def test_every_link_leads_somewhere() -> None:
    pages = [Path("README.md"), *files(".md", under="docs")]

    assert [f"{page} -> {target}" for page in pages for target in links(page) if not (ROOT / target).exists()] == []


def test_every_page_is_found_from_the_readme() -> None:
    found, waiting = set[Path](), {Path("README.md")}
    while waiting:
        page = waiting.pop()
        found.add(page)
        waiting |= {target for target in links(page) if target.suffix == ".md" and (ROOT / target).exists()} - found

    assert [str(page) for page in files(".md", under="docs") if page not in found] == []


def test_the_changelog_has_a_place_for_what_is_not_released() -> None:
    assert "\n## Unreleased\n" in read(Path("docs/changelog.md"))


def test_decision_records_are_numbered_without_gaps_and_say_three_things() -> None:
    records = files(".md", under="docs/decisions")

    assert [record.name[:5] for record in records] == [f"{number:04}-" for number in range(1, len(records) + 1)]
    headings = {record.name: re.findall(r"^## (.+)$", read(record), re.MULTILINE) for record in records}
    assert {name: said for name, said in headings.items() if said[:3] != ["Context", "Decision", "Consequences"]} == {}
