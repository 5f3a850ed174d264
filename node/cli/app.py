"""The tree of commands: one file a group, each added here."""

import typer

from node.cli import (
    assigning,
    care,
    consent,
    demo,
    init,
    join,
    keys,
    match,
    mentorship,
    occupations,
    outbox,
    people,
    report,
    request,
    summary,
    today,
    users,
)

app = typer.Typer(name="mentorweave", help="Federated mentor matching: one program's node.", no_args_is_help=True)

for command in (
    demo.demo,
    init.init,
    care.doctor,
    care.backup,
    care.restore,
    join.join,
    join.sync,
    report.report,
    today.today,
):
    app.command()(command)
people.app.add_typer(consent.app)
match.app.add_typer(assigning.app)
for group in (people.app, match.app, occupations.app, users.app, keys.app, care.database):
    app.add_typer(group)
for group in (request.app, mentorship.app, summary.app, outbox.app, outbox.letters, join.roster):
    app.add_typer(group)
