"""`status`: where a steward stands, and which dates come close."""

from federation.cli.desk import open_desk
from federation.cli.wording import status_lines
from federation.ground.cli import reporter


def status() -> None:
    """Show the days to each expiry, the suspensions that hold, and whether the record of acts is whole."""
    desk = open_desk()
    view = desk.status(desk.steward)
    reporter().answer(view, status_lines(view))
