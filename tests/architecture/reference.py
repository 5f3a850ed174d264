"""The pages written from the code: commands, settings, errors, what leaves, consent texts. `make docs` stores them."""

import inspect
from collections.abc import Iterator
from pathlib import Path

import typer
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from federation.ground.refusal import Refusal
from node.words import catalogue
from protocol.errors import ProtocolError
from tests.architecture import clear, consenting, interface, leaving
from tests.architecture.tree import classes, modules

Error = type[Refusal | ProtocolError]
PAGES = Path("docs/reference")
MADE = "<!-- Written by `make docs` from the code. -->\n\n"
COMMON = {"data_dir", "common_data_dir", "json", "common_json", "help", "install_completion", "show_completion"}


def pages() -> dict[Path, str]:
    """Each page by its path from the top of the house."""
    return {
        PAGES / "commands.md": MADE + "\n".join(_commands()) + "\n",
        PAGES / "settings.md": MADE + "\n".join(_settings()) + "\n",
        leaving.PAGE: leaving.page(),
        consenting.PAGE: consenting.page(),
        clear.PAGE: clear.page(),
        PAGES / "errors.md": MADE + "\n".join(_errors()) + "\n",
        **interface.pages(MADE),
    }


def _row(*cells: str) -> str:
    return "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in cells) + " |"


def _table(*headings: str) -> Iterator[str]:
    yield _row(*headings)
    yield "|" + " --- |" * len(headings)


def _first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").partition("\n\n")[0]


# --- commands


def _commands() -> Iterator[str]:
    yield "# Commands\n"
    yield "Every command takes `--data-dir DIR` and `--json`, and ends with 0 (done), 1 (refused by a rule: one line"
    yield "why, one line what to do next), 2 (wrong usage) or 3 (unexpected)."
    for name, app in sorted(_programs().items()):
        yield f"\n## {name}"
        yield from _command_lines(name, get_command(app))


def _programs() -> dict[str, typer.Typer]:
    """The command lines of both programs: those that have a name."""
    apps = (thing for module in modules() for thing in vars(module).values() if isinstance(thing, typer.Typer))
    return {
        app.info.name: app for app in apps if isinstance(app.info.name, str) and app.info.name.startswith("mentorweave")
    }


def _command_lines(name: str, command: object) -> Iterator[str]:
    if isinstance(command, TyperGroup):
        for word in sorted(command.commands):
            _, found, _ = command.resolve_command(typer.Context(command), [word])
            yield from _command_lines(f"{name} {word}", found)
    elif isinstance(command, TyperCommand):
        yield "\n### " + " ".join([name, *command.collect_usage_pieces(typer.Context(command))]).replace(
            " [OPTIONS]", ""
        )
        yield "\n" + inspect.cleandoc(command.help or "")
        options = [one for one in command.params if isinstance(one, TyperOption) and one.name not in COMMON]
        lines = [f"- `{', '.join((*one.opts, *one.secondary_opts))}`: {one.help or ''}".rstrip(": ") for one in options]
        yield from ["", *lines] if lines else []


# --- settings


def _settings() -> Iterator[str]:
    yield "# Settings\n"
    yield "A setting is a line in the program's file or a variable of the environment, which wins."
    for settings in classes(BaseSettings):
        prefix = settings.model_config.get("env_prefix", "")
        yield f"\n## {settings.__module__}\n"
        yield _first_line(settings) + "\n"
        yield from _table("variable", "unless set", "what it is")
        for name, field in settings.model_fields.items():
            yield _row(f"`{(prefix + name).upper()}`", _default(field), field.description or "")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if field.default_factory is not None or isinstance(field.default, Path):
        return "chosen by the program"  # it differs between machines
    return "empty" if field.default in ("", None) else f"`{field.default}`"


# --- errors


def _errors() -> Iterator[str]:
    yield "# Error codes\n"
    yield "A refusal carries one of these codes on a page, on the command line, and last in the `type` of a problem.\n"
    yield from _table("code", "why", "what to do next")
    named = {code: _wording(code, error) for code, error in reversed(errors())}
    for code in sorted(named):
        yield _row(f"`{code}`", *named[code])


def errors() -> list[tuple[str, Error]]:
    """Every error that names a rule of its own, with its code; those of the protocol first."""
    every: list[Error] = [*classes(ProtocolError), *classes(Refusal)]
    return [(error.code, error) for error in every if "code" in vars(error)]


def _wording(code: str, error: Error) -> tuple[str, str]:
    """As the catalogue words it, else as the class does."""
    if f"error.{code}" in catalogue():
        return catalogue()[f"error.{code}"][0], catalogue()[f"error.{code}.next"][0]
    return (error.title if "title" in vars(error) else _first_line(error)), error.remedy
