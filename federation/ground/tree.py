"""A tree of commands that loads only what was asked for: most runs need one branch, and loading all takes long.

Help lists the tree from the lines given here; what a command takes is said by the command itself.
"""

from dataclasses import dataclass
from functools import cache
from importlib import import_module

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from federation.ground.cli import give_common_options

Command = TyperCommand | TyperGroup


@dataclass(frozen=True, slots=True)
class Branch:
    """A word after the program's name; `place` is `module:attribute` of a function or of a group of commands.

    `line` is how the command's own help begins.
    """

    word: str
    place: str
    line: str

    def load(self, program: str) -> Command:
        """The command or the group itself."""
        module, _, attribute = self.place.partition(":")
        found: object = getattr(import_module(module), attribute)
        alone = typer.Typer()
        if isinstance(found, typer.Typer):
            alone.add_typer(found, name=self.word)
        elif callable(found):
            alone.command(self.word)(found)
        give_common_options(alone, program)
        command = get_group(alone).commands[self.word]
        if not isinstance(command, TyperCommand | TyperGroup):
            raise TypeError(self.place)
        return command


def command_tree(program: str, about: str, branches: tuple[Branch, ...]) -> typer.Typer:
    """The command line of `program`."""
    by_word = {branch.word: branch for branch in branches}

    @cache
    def load(word: str) -> Command:
        return by_word[word].load(program)

    class Tree(TyperGroup):
        def resolve_command(  # type: ignore[override] # private base
            self, ctx: typer.Context, args: list[str]
        ) -> tuple[str | None, Command | None, list[str]]:
            """Load the branch of the first word. Help asks `get_command`, which loads nothing."""
            word, _, rest = super().resolve_command(ctx, args)
            return word, load(word) if word else None, rest

    app = typer.Typer(name=program, help=about, cls=Tree, no_args_is_help=True)
    for branch in branches:
        app.command(branch.word, help=branch.line)(_not_loaded)
    return app


def _not_loaded() -> None:
    """Stands in the list of commands, and is never called."""


_not_loaded.__common_options__ = True  # type: ignore[attr-defined] # its branch brings its own
