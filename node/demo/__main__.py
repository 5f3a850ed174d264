"""`python -m node.demo`: tells the story, for a person or as one JSON document. `mentorweave demo` starts this."""

from __future__ import annotations

import argparse
import json
import secrets
import signal
import sys
import tempfile
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from node.demo.people import sheets
from node.demo.processes import StoryError
from node.demo.stage import Stage
from node.demo.story import Story, Told

if TYPE_CHECKING:
    from node.demo.stage import Program

_SEED = 2021
_REFUSED = 1
_FAILED = 3


def document(stage: Stage, told: Told, *, ok: bool) -> dict[str, object]:
    """The facts of the story, as `--json` prints them."""
    return {
        "programs": [
            {
                "id": program.node,
                "name": program.place.name,
                "mentors": len(program.sheets.mentors),
                "mentees": len(program.sheets.mentees),
                "url": program.url,
            }
            for program in stage.programs
        ],
        "steps": [asdict(step) for step in told.steps],
        "introductions": [asdict(introduction) for introduction in told.introductions],
        "coverage": told.tally.coverage if told.tally else {},
        "rare": told.tally.rare if told.tally else {},
        "exchange_leaks": told.leaks,
        "ok": ok,
    }


def summary(told: Told) -> list[str]:
    """What the story showed, for a person."""
    lines = [
        f"{told_.home} <-> {told_.host}: occupation {told_.occupation}, {told_.messages} sealed letters"
        for told_ in told.introductions
    ]
    if told.tally:
        shares = ", ".join(f"{name.replace('_', ' ')} {share:.1%}" for name, share in told.tally.coverage.items())
        rare = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in told.tally.rare.items())
        lines += [f"Mentees with a mentor of their field: {shares}", f"Rare matches: {rare}"]
    return [*lines, f"Personal values found at the exchange: {len(told.leaks)}"]


def run(folder: Path, *, once: bool, as_json: bool) -> int:
    """Tell the story below `folder`; returns the exit code."""
    stage = Stage(folder, sheets(_SEED, date.today()))  # noqa: DTZ011 - the day a coordinator would write
    story = Story(stage, (lambda _: None) if as_json else print)
    ok = False
    try:
        try:
            story.tell()
            ok = True
        except StoryError as error:
            sys.stderr.write(f"{error}\n")
        if as_json:
            sys.stdout.write(json.dumps(document(stage, story.told, ok=ok), indent=2) + "\n")
        elif ok:
            sys.stdout.write("\n".join(["", *summary(story.told), ""]) + "\n")
        if ok and not once:
            stay(stage)
    except KeyboardInterrupt:
        sys.stderr.write("\n")
    finally:
        stage.close()
    return 0 if ok else _FAILED


def stay(stage: Stage) -> None:
    """Print where to sign in, and stay until interrupted."""
    for program, (email, password) in zip(stage.programs, stage.everywhere(sign_in), strict=True):
        sys.stdout.write(f"{program.place.name}: {program.url}  {email}  {password}\n")
    sys.stdout.write("Press Ctrl-C to end.\n")
    sys.stdout.flush()
    stage.servers.wait()


def sign_in(program: Program) -> tuple[str, str]:
    """A coordinator's e-mail and a new password for her."""
    email, password = f"coordinator@{program.place.slug}.example", secrets.token_urlsafe(12)
    with tempfile.TemporaryDirectory(prefix="mentorweave-password-") as folder:
        file = Path(folder) / "password"
        file.write_text(password, encoding="utf-8")
        program.command.run("users", "password", email, "--password-file", str(file))
    return email, password


def main() -> int:
    """Read the options and tell the story."""
    parser = argparse.ArgumentParser(prog="mentorweave demo")
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends the servers, as Ctrl-C does
    if given.data_dir is not None:
        given.data_dir.mkdir(parents=True, exist_ok=True)
        if any(given.data_dir.iterdir()):
            sys.stderr.write("The folder is not empty.\nName a new one: the story begins with fresh data folders.\n")
            return _REFUSED
        return run(given.data_dir.absolute(), once=given.once, as_json=given.json)
    with tempfile.TemporaryDirectory(prefix="mentorweave-demo-") as folder:
        return run(Path(folder), once=given.once, as_json=given.json)


if __name__ == "__main__":
    sys.exit(main())
