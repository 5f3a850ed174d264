"""`mentorweave roster`: the member programs, and by hand the client of the signed files that name them.

The words and options of `init`, `refresh` and `download` are those by which suites drive clients of such files.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from federation.ground.cli import reporter
from federation.ground.refusal import Refusal
from node.cli.session import session

if TYPE_CHECKING:
    from federation.membership.conformance import SignedFiles

app = typer.Typer(name="roster", help="The member programs.", no_args_is_help=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What stands before `init`, `refresh` and `download`."""

    metadata_dir: Path | None
    metadata_url: str | None
    target_names: tuple[str, ...]
    target_base_url: str | None
    target_dir: Path | None


@app.callback()
def options(  # noqa: PLR0917 - suites of such clients fix these names
    context: typer.Context,
    metadata_dir: Annotated[Path | None, typer.Option(help="Folder of the signed files.")] = None,
    metadata_url: Annotated[str | None, typer.Option(help="Where the signed files are served.")] = None,
    target_name: Annotated[list[str] | None, typer.Option(help="A file they describe; may be repeated.")] = None,
    target_base_url: Annotated[str | None, typer.Option(help="Where described files are served.")] = None,
    target_dir: Annotated[Path | None, typer.Option(help="Folder for described files.")] = None,
) -> None:
    """The member programs. The options are for `init`, `refresh` and `download`, which need no program of yours."""
    context.obj = Given(
        metadata_dir=metadata_dir,
        metadata_url=metadata_url,
        target_names=tuple(target_name or ()),
        target_base_url=target_base_url,
        target_dir=target_dir,
    )


@app.command()
def show() -> None:
    """Show the member programs, and how old that knowledge is."""
    with session() as node:
        view = node.services.federation.roster(node.actor)
        lines = [node.say(f"freshness.{view.freshness}")]
        lines += [
            f"{member.id}  {member.name}, {member.region}  {node.say(f'member.{member.status}')}"
            for member in view.members
        ]
        node.reporter.answer(view, lines)


@app.command()
def init(context: typer.Context, trusted_root: Annotated[Path, typer.Argument(help="The trusted root file.")]) -> None:
    """Trust a root file from now on."""
    with _signed_files(context) as files:
        files.init(trusted_root)


@app.command()
def refresh(context: typer.Context) -> None:
    """Bring the signed files up to date."""
    with _signed_files(context, "metadata_url") as files:
        files.refresh()


@app.command()
def download(context: typer.Context) -> None:
    """Fetch the files they describe that are not here yet."""
    with _signed_files(context, "metadata_url", "target_names", "target_base_url", "target_dir") as files:
        files.download(_given(context).target_names)


@contextmanager
def _signed_files(context: typer.Context, *needed: str) -> "Iterator[SignedFiles]":
    # The client of signed files takes longer to load than most commands run.
    from federation.membership.conformance import SignedFiles  # noqa: PLC0415 - as above

    given = _given(context)
    missing = next((name for name in ("metadata_dir", *needed) if not getattr(given, name)), None)
    if given.metadata_dir is None or missing is not None:
        option = f"--{missing or 'metadata_dir'}".replace("_", "-").replace("names", "name")
        raise typer.BadParameter(f"{option} must stand before the command.")
    files = SignedFiles(
        metadata_dir=given.metadata_dir,
        metadata_url=given.metadata_url,
        target_base_url=given.target_base_url,
        target_dir=given.target_dir,
    )
    try:
        yield files
    except Refusal as error:
        reporter().note(str(error))
        raise


def _given(context: typer.Context) -> Given:
    given = context.obj
    assert isinstance(given, Given)  # noqa: S101 - the callback above has run
    return given
