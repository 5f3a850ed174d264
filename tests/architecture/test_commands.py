"""Every command of both programs is where the tree says it is, and says what it does."""

from collections.abc import Iterator

import pytest
import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from federation.cli.app import app as federation
from federation.ground.cli import DONE, main
from node.main import app as node

PROGRAMS = {"mentorweave": node, "mentorweave-fed": federation}


def words(program: typer.Typer) -> list[str]:
    root = get_command(program)
    assert isinstance(root, TyperGroup)
    return list(root.commands)


def load(command: TyperGroup, word: str) -> TyperCommand | TyperGroup:
    _, found, _ = command.resolve_command(typer.Context(command), [word])
    assert isinstance(found, TyperCommand | TyperGroup)
    return found


def leaves(command: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(command, TyperGroup):
        for word in command.commands:
            yield from leaves(load(command, word), (*path, word))
    else:
        yield path


@pytest.mark.parametrize(("program", "word"), [(name, word) for name, app in PROGRAMS.items() for word in words(app)])
def test_help_lists_a_command_with_the_words_it_begins_its_own_help_with(program: str, word: str) -> None:
    root = get_command(PROGRAMS[program])
    assert isinstance(root, TyperGroup)

    line = root.commands[word].help

    assert line
    assert " ".join((load(root, word).help or "").split()).startswith(line)


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_command_tells_what_it_takes(program: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = list(leaves(get_command(PROGRAMS[program])))

    assert len(found) > len(words(PROGRAMS[program]))
    for path in found:
        assert main(PROGRAMS[program], [*path, "--help"]) == DONE
        said = capsys.readouterr().out
        assert " ".join(path) in said
        assert "--data-dir" in said
