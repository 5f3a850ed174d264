"""The command `mentorweave`: the command line of a node, and its server."""

from federation.ground import cli
from federation.ground.refusal import Explained
from federation.ground.tree import Branch, command_tree
from node.cli.app import BRANCHES

app = command_tree(
    "mentorweave",
    "Federated mentor matching: one program's node.",
    (
        *BRANCHES,
        Branch(
            "serve",
            "node.serving:serve",
            "Serve this machine, and see to everything that recurs: letters, rounds, deadlines, the daily backup.",
        ),
        Branch("start", "node.serving:start", "Serve, and open the browser."),
    ),
)


def run() -> None:
    """Run the command line and leave with its exit code."""
    cli.run(app, words=_words)


def _words(error: Explained) -> tuple[str, str]:
    from node.cli.session import word_refusal  # noqa: PLC0415 - loads what no help needs

    return word_refusal(error)
