"""What a mentor, a coordinator and a privacy officer read about counts and listings, by typing."""

import csv
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from federation.ground.clock import SystemClock
from federation.ground.engine import make_engine, transaction
from node.adapters.noise import SystemRandomness
from node.bootstrap import Services, build, open_vault
from node.domain.actor import SYSTEM
from node.domain.counts import MINOR_GROUPS
from node.settings import load_settings
from protocol.vocabulary import Publishes
from tests.integration.node.test_two_programs import COLUMNS, Asked, Program, asked, carry, world
from tests.support.clock import FakeClock
from tests.support.commands import Run
from tests.support.nodes import World

__all__ = ["asked", "world"]

MENTORS = f"{COLUMNS}\nMary Mentor,mary@example.org,Redcliff,21300,en; fr,online,2,1\n"


def counting(world: World, run: Run, tmp_path: Path) -> tuple[Program, str]:
    """A program that declared counts, and its one mentor."""
    program = Program(run, tmp_path, "hat")
    program.join(world, tmp_path / "keys", Publishes.COUNTS)
    return program, program.bring_in("mentors", MENTORS, tmp_path)


def later(program: Program, by: timedelta) -> Services:
    """The same node, in the time of its server."""
    settings = load_settings(program.folder)
    clock = FakeClock(SystemClock().now() + by)
    return build(settings, make_engine(settings.url), open_vault(settings, lambda: None), clock)


def test_counts_are_previewed_agreed_to_drawn_published_and_audited(world: World, run: Run, tmp_path: Path) -> None:
    program, mentor = counting(world, run, tmp_path)
    preview = program("summary", "preview").out
    assert "e = 0.250" in preview
    assert "right at most 56 times in 100" in preview
    assert "Nobody has said yes" in preview
    assert "next count is made by itself" in program("summary", "agree").out
    assert "not drawn yet" in program("summary", "publish").err

    served = later(program, timedelta(days=1))
    assert isinstance(served.summary.draw.randomness, SystemRandomness)
    assert served.summary.draw.when_due(SYSTEM) is not None
    assert served.summary.publish.when_due(SYSTEM) is not None
    served.close()

    preview = program("summary", "preview").out
    assert preview.count("95 times in 100") == len(MINOR_GROUPS)
    ledger = program("summary", "ledger").out
    assert "e = 0.250 of 1.000 spent" in ledger
    assert "89 groups, two-sided geometric noise, e = 0.250, sensitivity 1" in ledger
    assert "e = 0.250; this year" in program("people", "disclosures", mentor).out
    assert "nothing was changed" in program("summary", "ledger", "--verify").out


def test_the_ledger_is_handed_over_and_a_change_of_it_is_told(world: World, run: Run, tmp_path: Path) -> None:
    program, _ = counting(world, run, tmp_path)
    program("summary", "agree")
    table, paper = tmp_path / "ledger.csv", tmp_path / "ledger.pdf"

    assert program("summary", "ledger", "--out", str(table)).code == 0
    assert program("summary", "ledger", "--out", str(paper)).code == 0

    header, row = csv.reader(table.read_text("utf-8-sig").splitlines())
    assert header == ["when (UTC)", "what", "details", "hash"]
    assert row[1] == "said yes"
    assert paper.read_bytes().startswith(b"%PDF-")
    engine = make_engine(load_settings(program.folder).url)
    with transaction(engine) as connection:
        connection.execute(text("update policies set by = 'nobody'"))
    engine.dispose()
    said = program("summary", "ledger", "--verify", "--noted", "1" * 64)
    assert said.code == 1
    assert "does not hold" in said.out


def test_a_mentor_is_asked_in_plain_words_and_every_way_to_change_leaves_its_trace(
    world: World, run: Run, tmp_path: Path
) -> None:
    program, mentor = counting(world, run, tmp_path)
    asked = program("people", "visibility", mentor).out
    assert "You choose." in asked
    assert asked.count("Others see:") == 2
    assert "21300  en, fr  online" in asked
    program("people", "edit", mentor, "visibility=0")
    assert "consent add" in program("people", "visibility", mentor, "3").out

    levels = [line.split("  ")[-1] for line in program("people", "visibility", mentor).out.splitlines()[-4:-1]]

    assert levels == ["Ask me first", "Only here", "Listed"]
    assert program("people", "visibility", mentor, "4").code == 2


def test_both_people_are_told_who_has_seen_their_data(asked: Asked) -> None:
    home, host = asked.home, asked.host
    host("request", "consent", asked.request, "--mentor", asked.mentor, "--given", "phone")
    assert host("request", "offer", asked.request, "--mentor", asked.mentor).code == 0
    carry(host, home)

    (mentee,) = home("people", "list", "--json").items
    paper = host.folder / "mary.pdf"
    assert host("people", "disclosures", asked.mentor, "--out", str(paper)).code == 0
    assert paper.read_bytes().startswith(b"%PDF-")
    at_home = home("people", "disclosures", str(mentee["id"])).out
    at_host = host("people", "disclosures", asked.mentor).out

    assert "learned your occupation, languages and what you look for; not who you are. You said yes on" in at_home
    assert "your occupation, languages and years of experience; not who you are" in at_host
    assert "You were in our list, without your name." in at_host
    assert "You are in no number that leaves our program." in at_host
    assert "listed mentors: 1" in home("summary", "offers").out
    assert "not known" in host("summary", "offers").out
