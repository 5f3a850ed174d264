"""The tree of commands: one line a word, in the order in which help lists them."""

from federation.ground.tree import Branch

BRANCHES = (
    Branch(
        "demo",
        "node.cli.demo:demo",
        "Run three programs and an exchange on this machine: two people meet across programs, twice.",
    ),
    Branch("init", "node.cli.init:init", "Found a program: its data folder, its keys, its recovery sheet."),
    Branch("doctor", "node.cli.care:doctor", "Look the node over; every finding says what to do."),
    Branch(
        "backup",
        "node.cli.care:backup",
        "Write database, keys and roster into one file that the recovery words open.",
    ),
    Branch("restore", "node.cli.care:restore", "Make a data folder from a backup."),
    Branch("join", "node.cli.join:join", "Join a federation."),
    Branch(
        "sync",
        "node.cli.join:sync",
        "One round: read what came, send what waits, let lapse what nobody answered, send letters.",
    ),
    Branch(
        "report", "node.cli.report:report", "Count whom the program served; the other programs' reports add up with it."
    ),
    Branch(
        "today",
        "node.cli.today:today",
        "Show what needs a person now, oldest first, each with the command that takes the next step.",
    ),
    Branch("people", "node.cli.people:app", "Mentees and mentors."),
    Branch("match", "node.cli.match:app", "Mentors for a mentee."),
    Branch("occupations", "node.cli.occupations:app", "Occupations of NOC 2021."),
    Branch("users", "node.cli.users:app", "Members of staff."),
    Branch("keys", "node.cli.keys:app", "The node's own keys."),
    Branch("db", "node.cli.care:database", "The database."),
    Branch("request", "node.cli.request:app", "Requests to and from other programs."),
    Branch("mentorship", "node.cli.mentorship:app", "Pairs and groups that meet."),
    Branch("summary", "node.cli.summary:app", "What we offer to other programs."),
    Branch("outbox", "node.cli.outbox:app", "What waits to be sent to other programs."),
    Branch("letters", "node.cli.outbox:letters", "Letters to our own people."),
    Branch("texts", "node.cli.texts:app", "What letters say in the program's own words."),
    Branch("roster", "node.cli.roster:app", "The member programs."),
    Branch("words", "node.cli.words:app", "Pages in further languages."),
)
