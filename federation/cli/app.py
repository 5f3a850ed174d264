"""The command line as a whole."""

import typer

from federation.cli import init, joining, propose, roster, serve, sign, status

app = typer.Typer(
    name="mentorweave-fed", no_args_is_help=True, add_completion=False, help="Run a federation of mentoring programs."
)
app.add_typer(init.app, name="init")
app.add_typer(propose.app, name="propose")
app.add_typer(roster.app, name="roster")
app.add_typer(serve.board, name="board")
app.add_typer(serve.db, name="db")
for part in (joining.app, sign.app, status.app, serve.app):
    app.add_typer(part)
