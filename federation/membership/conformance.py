"""The TUF client workflow as commands, so that this roster client can be driven by a conformance suite of TUF clients.

`roster --metadata-dir D init ROOT`, `... --metadata-url U refresh`, and `... download` with targets. Exit 0 or 1.
"""

from __future__ import annotations

from collections.abc import Callable  # noqa: TC003 - kept with the other annotations
from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 - typer reads annotations at run time
from typing import Annotated

import typer
from tuf.api.exceptions import DownloadError, RepositoryError
from tuf.ngclient.updater import Updater

from federation.ground.http import client
from federation.ground.tuf_fetcher import HttpxFetcher
from federation.membership.roster_client import CONFIG, NOWHERE

roster_app = typer.Typer(name="roster", help="The list of member programs, as plain TUF files.", no_args_is_help=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The folders and addresses given before the command."""

    metadata_dir: Path
    metadata_url: str | None
    target_names: tuple[str, ...]
    target_base_url: str | None
    target_dir: Path | None


def init(where: Where, trusted_root: bytes) -> None:
    """Trust a root file. Raises: RepositoryError, OSError."""
    where.metadata_dir.mkdir(parents=True, exist_ok=True)
    Updater(str(where.metadata_dir), NOWHERE, fetcher=HttpxFetcher(client), config=CONFIG, bootstrap=trusted_root)


def refresh(where: Where) -> None:
    """Bring the top-level files up to date. Raises: RepositoryError, DownloadError, OSError."""
    _updater(where).refresh()


def download(where: Where) -> None:
    """Fetch targets that are not here yet. Raises: RepositoryError, DownloadError, OSError."""
    updater = _updater(where)
    for name in where.target_names:
        found = updater.get_targetinfo(name)
        if found is None:
            raise RepositoryError(name)
        if updater.find_cached_target(found) is None:
            updater.download_target(found)


def _updater(where: Where) -> Updater:
    folder = where.target_dir or where.metadata_dir / "targets"
    folder.mkdir(parents=True, exist_ok=True)
    return Updater(
        str(where.metadata_dir),
        where.metadata_url or NOWHERE,
        str(folder),
        where.target_base_url,
        HttpxFetcher(client),
        CONFIG,
        bootstrap=None,
    )


@roster_app.callback()
def options(  # noqa: PLR0917 - the suite fixes these names
    context: typer.Context,
    metadata_dir: Annotated[Path, typer.Option("--metadata-dir", help="Folder of the signed files.")],
    metadata_url: Annotated[str | None, typer.Option("--metadata-url", help="Where they are served.")] = None,
    target_name: Annotated[list[str] | None, typer.Option("--target-name", help="A target; may be repeated.")] = None,
    target_base_url: Annotated[str | None, typer.Option("--target-base-url", help="Where targets are served.")] = None,
    target_dir: Annotated[Path | None, typer.Option("--target-dir", help="Folder for targets.")] = None,
) -> None:
    """Drive the roster client by hand, or by a conformance suite."""
    context.obj = Where(
        metadata_dir=metadata_dir,
        metadata_url=metadata_url,
        target_names=tuple(target_name or ()),
        target_base_url=target_base_url,
        target_dir=target_dir,
    )


@roster_app.command("init")
def init_command(
    context: typer.Context, trusted_root: Annotated[Path, typer.Argument(help="The trusted root file.")]
) -> None:
    """Trust a root file from now on."""
    _attempt(lambda: init(_where(context), trusted_root.read_bytes()))


@roster_app.command("refresh")
def refresh_command(context: typer.Context) -> None:
    """Bring the signed files up to date."""
    _attempt(lambda: refresh(_where(context)))


@roster_app.command("download")
def download_command(context: typer.Context) -> None:
    """Fetch targets that are not here yet."""
    _attempt(lambda: download(_where(context)))


def _where(context: typer.Context) -> Where:
    where = context.obj
    assert isinstance(where, Where)  # noqa: S101 - the callback above has run
    return where


def _attempt(work: Callable[[], None]) -> None:
    try:
        work()
    except (RepositoryError, DownloadError, OSError, ValueError) as error:
        typer.echo(f"{type(error).__name__}", err=True)
        raise typer.Exit(1) from error
