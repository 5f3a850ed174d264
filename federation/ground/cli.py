"""Conventions of a command line, the same for both programs; commands and their words belong to the programs.

Every command takes `--data-dir DIR` and `--json`, wherever a person puts them after the command. It exits
0 done, 1 refused by a rule, 2 wrong usage, 3 unexpected. With `--json` standard output holds one document.
"""

import inspect
import json as jsonlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from typing import Annotated, Any, TypeVar

import platformdirs
import typer
from typer.main import get_command

from federation.ground.incidents import record_incident
from federation.ground.late_logs import log_later, log_now
from federation.ground.refusal import Explained, explained
from federation.ground.writing import Json, encode
from protocol.errors import type_uri

DONE, REFUSED, USAGE, UNEXPECTED = range(4)
Item = TypeVar("Item")
Words = Callable[[Explained], tuple[str, str]]

_current: ContextVar["Reporter | None"] = ContextVar("reporter", default=None)
_built = cache(get_command)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """How one run of one command speaks: where its data lies, and whether a person or a program reads."""

    data_dir: Path
    json: bool

    def answer(self, view: object, lines: Iterable[str] = ()) -> None:
        """Say the result: the encoded view as the one document of `--json`, else `lines` for a person."""
        text = _document(encode(view)) if self.json else "\n".join(lines)
        if text:
            sys.stdout.write(text + "\n")

    def note(self, line: str) -> None:
        """Say something on the way, on standard error; a program that reads JSON is told nothing."""
        if not self.json:
            sys.stderr.write(line + "\n")

    def progress(self, items: Sequence[Item], label: str) -> Iterator[Item]:
        """Pass the items through, with a bar on a terminal and nothing in a pipe."""
        from rich.console import Console  # noqa: PLC0415 - most commands show no bar
        from rich.progress import track  # noqa: PLC0415 - as above

        console = Console(stderr=True)
        yield from track(items, label, console=console, disable=self.json or not console.is_terminal, transient=True)


def reporter() -> Reporter:
    """Return the reporter of the command that runs now."""
    current = _current.get()
    if current is None:
        raise RuntimeError("no command is running")
    return current


def plain_words(error: Explained) -> tuple[str, str]:
    """Word a refusal as its class does, in English: why, and what to do next."""
    return error.title, error.remedy


def run(app: typer.Typer, *, words: Words = plain_words) -> None:
    """Run the command line of this process and leave with its exit code."""
    sys.exit(main(app, sys.argv[1:], words=words))


def main(app: typer.Typer, arguments: Sequence[str], *, words: Words = plain_words) -> int:
    """Run `app` (which must have a name) on `arguments` and return the exit code."""
    _keep_streams_writable()
    log_later()
    name = str(app.info.name)
    give_common_options(app, name)
    token = _current.set(None)
    try:
        _built(app).main(list(arguments), prog_name=name)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else DONE
    except Exception as error:  # noqa: BLE001 - the outermost loop of a command line
        known = explained(error)
        if known is None:
            return _report_unexpected(error)
        _report_refusal(known, words)
        return REFUSED
    finally:
        _current.reset(token)
    return DONE


def _report_refusal(error: Explained, words: Words) -> None:
    why, next_step = words(error)
    speaker = _current.get()
    if speaker is not None and speaker.json:
        document: Json = {
            "type": type_uri(error.code),
            "code": error.code,
            "title": why,
            "remedy": next_step,
            "params": dict(error.params),
        }
        sys.stdout.write(_document(document) + "\n")
        return
    sys.stderr.write(f"{why}\n{next_step}\n")


def _report_unexpected(error: Exception) -> int:
    log_now()
    incident = record_incident("command-failed", error)
    speaker = _current.get()
    if speaker is not None and speaker.json:
        document: Json = {"type": type_uri("unexpected"), "code": "unexpected", "incident": incident}
        sys.stdout.write(_document(document) + "\n")
    sys.stderr.write(f"Something unexpected happened. Incident {incident}; the log says where.\n")
    return UNEXPECTED


def _document(value: Json) -> str:
    # ASCII only, because a pipe on Windows still may not carry every letter.
    return jsonlib.dumps(value, indent=2, allow_nan=False)


def _keep_streams_writable() -> None:
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def give_common_options(app: typer.Typer, program: str) -> None:
    """Let every command of `app` take `--data-dir` and `--json`."""
    for command in app.registered_commands:
        if command.callback is not None:
            command.callback = _with_common_options(command.callback, program)
    for group in app.registered_groups:
        if group.typer_instance is not None:
            give_common_options(group.typer_instance, program)


def _with_common_options(callback: Callable[..., Any], program: str) -> Callable[..., Any]:
    if hasattr(callback, "__common_options__"):
        return callback
    data_dir = Annotated[
        Path,
        typer.Option(
            "--data-dir",
            envvar=program.upper().replace("-", "_") + "_DATA_DIR",
            help="Folder of this program's data.",
            show_default=False,
        ),
    ]
    json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]

    @wraps(callback)
    def command(*, common_data_dir: Path, common_json: bool, **values: object) -> object:
        _current.set(Reporter(data_dir=common_data_dir.expanduser().absolute(), json=common_json))
        return callback(**values)

    signature = inspect.signature(callback, eval_str=True)
    folder = Path(os.fspath(platformdirs.user_data_path(program, appauthor=False)))
    common = (
        inspect.Parameter("common_data_dir", inspect.Parameter.KEYWORD_ONLY, annotation=data_dir, default=folder),
        inspect.Parameter("common_json", inspect.Parameter.KEYWORD_ONLY, annotation=json, default=False),
    )
    command.__signature__ = signature.replace(parameters=[*signature.parameters.values(), *common])  # type: ignore[attr-defined]
    command.__annotations__ = {item.name: item.annotation for item in command.__signature__.parameters.values()}  # type: ignore[attr-defined]
    del command.__wrapped__
    command.__common_options__ = True  # type: ignore[attr-defined]
    return command
