"""Entry point of `mentorweave-fed`."""

from federation.cli.app import app
from federation.cli.wording import word_refusal
from federation.ground import cli


def run() -> None:
    """Run the command line and leave with its exit code."""
    cli.run(app, words=word_refusal)
