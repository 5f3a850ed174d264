"""The command line as a whole: one line a word, in the order in which help lists them."""

from federation.ground.tree import Branch, command_tree

app = command_tree(
    "mentorweave-fed",
    "Run a federation of mentoring programs.",
    (
        Branch("join-code", "federation.cli.joining:join_code", "Make a join code to hand to one program."),
        Branch("refuse", "federation.cli.joining:refuse", "Say no to a program that used a join code."),
        Branch("sign", "federation.cli.sign:sign", "Show what a proposal changes, and sign it once you confirm."),
        Branch(
            "publish", "federation.cli.sign:publish", "Send a proposal that enough stewards signed to the exchange."
        ),
        Branch(
            "status",
            "federation.cli.status:status",
            "Show the days to each expiry, the suspensions that hold, and whether the record of acts is whole.",
        ),
        Branch(
            "serve", "federation.cli.serve:serve", "Serve the exchange of this folder; with --duty, a steward's duty."
        ),
        Branch(
            "init", "federation.cli.init:app", "Make a steward, an exchange, a federation; alone: a pilot in one go."
        ),
        Branch("propose", "federation.cli.propose:app", "Propose a change of the roster."),
        Branch("roster", "federation.cli.roster:app", "Look at the roster."),
        Branch("board", "federation.cli.serve:board", "Run the need board."),
        Branch("db", "federation.cli.serve:db", "Keep the exchange's database."),
    ),
)
