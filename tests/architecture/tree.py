"""What lies in the house: its files as a fresh clone has them, and its modules. What they must be is for the tests."""

import importlib
import pkgutil
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from types import ModuleType
from typing import TypeVar

ROOT = Path(__file__).parents[2]
Kind = TypeVar("Kind")
PACKAGES = ("protocol", "federation", "node")


def files(*suffixes: str, under: str = ".") -> list[Path]:
    """Every file that is not ignored, relative to the top; with these suffixes where any are named."""
    ignored = [line.strip("/") for line in (ROOT / ".gitignore").read_text("utf-8").split()]
    found = (path.relative_to(ROOT) for path in _walk(ROOT / under, [".git", *ignored]))
    return sorted(path for path in found if not suffixes or path.suffix in suffixes)


def _walk(folder: Path, ignored: list[str]) -> Iterator[Path]:
    for path in folder.iterdir():
        if any(fnmatch(path.name, pattern) for pattern in ignored):
            continue
        if path.is_dir():
            yield from _walk(path, ignored)
        else:
            yield path


def read(path: Path) -> str:
    """The text of a file named relative to the top."""
    return (ROOT / path).read_text("utf-8")


def modules() -> list[ModuleType]:
    """Every module of the three folders, imported; the steps of a migration run only under Alembic."""
    return [importlib.import_module(name) for package in PACKAGES for name in sorted(_names(package))]


def _names(package: str) -> Iterator[str]:
    yield package
    for found in pkgutil.iter_modules([str(ROOT / package.replace(".", "/"))], f"{package}."):
        last = found.name.rpartition(".")[2]
        if found.ispkg and last != "migrations":
            yield from _names(found.name)
        elif not found.ispkg and last != "__main__":
            yield found.name


def classes(kind: type[Kind]) -> list[type[Kind]]:
    """Every class of that kind defined in the three folders, by name of module and class."""
    found = [
        thing
        for module in modules()
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, kind) and thing.__module__ == module.__name__
    ]
    return sorted(found, key=lambda one: (one.__module__, one.__qualname__))
