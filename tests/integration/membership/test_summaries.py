"""Summaries between members: published, pulled, ordered; old, doubled and far-future ones refused."""

from datetime import timedelta

from federation.ground.engine import transaction
from federation.membership.alerts import AlertCode
from federation.membership.summaries import PeerSummary, SummaryDraft
from protocol.documents import to_moment
from protocol.ids import sha256_hex
from protocol.summaries import Bracket, Cells, Summary, claimed_summary, sign_summary
from protocol.vocabulary import SizeBracket
from tests.support.federation import Federation, Program
from tests.support.forging import Forger

DRAFT = SummaryDraft(
    quarter="2027-Q1", policy="standard", counts=Bracket(size=SizeBracket.UNDER_25), listings=(), cards_posted=0
)
DAY = timedelta(days=1)


def publish(program: Program, draft: SummaryDraft = DRAFT) -> None:
    with transaction(program.engine) as connection:
        program.member.publish_summary(connection, draft, program.clock.now())
    program.sync()


def read(program: Program) -> list[PeerSummary]:
    with transaction(program.engine) as connection:
        return program.member.summaries(connection, program.clock.now())


def served(federation: Federation, author: Program, **changed: object) -> Summary:
    """Let the exchange serve a summary that differs in `changed`, with the author's real signature."""
    summary = claimed_summary(federation.exchange.summaries[author.node]).model_copy(update=changed)
    key = Forger(federation, author, author).key()
    federation.exchange.summaries[author.node] = sign_summary(summary, key)
    return summary


def refused(program: Program) -> list[str]:
    with transaction(program.engine) as connection:
        alerts = program.member.alerts.all(connection)
    return [alert.subject.split("/")[1] for alert in alerts if alert.code is AlertCode.SUMMARY_REFUSED]


def test_a_summary_reaches_the_others_once(federation: Federation, home: Program, host: Program) -> None:
    assert [(entry.summary, entry.expired) for entry in read(home)] == [(None, True)]
    publish(host)

    assert home.sync().summaries_fetched == 1
    assert home.sync().summaries_fetched == 0

    (entry,) = read(home)
    assert (entry.node, entry.name, entry.expired) == (host.node, "host", False)
    assert entry.summary is not None
    assert entry.summary.counts == DRAFT.counts


def test_an_expired_summary_reads_as_unknown(federation: Federation, home: Program, host: Program) -> None:
    publish(host)
    home.sync()

    federation.wait(8 * DAY)

    assert [entry.expired for entry in read(home)] == [True]


def test_an_older_summary_is_a_rollback(federation: Federation, home: Program, host: Program) -> None:
    publish(host)
    home.sync()
    old = federation.exchange.summaries[host.node]
    federation.wait(DAY)
    publish(host)
    home.sync()

    federation.exchange.summaries[host.node] = old
    home.sync()

    assert refused(home) == ["summary-rollback"]


def test_two_summaries_under_one_number_are_kept_as_proof(federation: Federation, home: Program, host: Program) -> None:
    publish(host)
    home.sync()
    first = federation.exchange.summaries[host.node]
    served(federation, host, cards_posted=7)

    home.sync()

    assert refused(home) == ["summary-fork"]
    with transaction(home.engine) as connection:
        evidence = home.member.alerts.evidence(connection, AlertCode.SUMMARY_REFUSED, f"{host.node}/summary-fork")
    assert evidence == first + b"\n" + federation.exchange.summaries[host.node]


def test_a_number_far_in_the_future_is_refused_and_blocks_nothing(
    federation: Federation, home: Program, host: Program
) -> None:
    publish(host)
    honest = federation.exchange.summaries[host.node]
    served(federation, host, seq=to_moment(federation.clock.now() + 2 * DAY) * 1000)

    home.sync()
    assert refused(home) == ["summary-future"]

    federation.exchange.summaries[host.node] = honest
    assert home.sync().summaries_fetched == 1


def test_a_summary_under_another_name_is_refused(federation: Federation, home: Program, host: Program) -> None:
    third = federation.program("third")
    publish(host)
    federation.exchange.summaries[third.node] = federation.exchange.summaries[host.node]

    home.sync()

    assert refused(home) != []
    assert [entry.summary is None for entry in read(home) if entry.node == third.node] == [True]


def test_counts_by_a_program_that_declared_a_bracket_are_refused(
    federation: Federation, home: Program, host: Program
) -> None:
    publish(host)
    served(federation, host, counts=Cells(epsilon_milli=250, cells=(("213", 4),)))

    home.sync()

    assert refused(home) == ["summary-invalid"]


def test_a_summary_that_saw_more_than_we_are_shown_reveals_the_exchange(
    federation: Federation, home: Program, host: Program
) -> None:
    publish(host)
    seen = claimed_summary(federation.exchange.summaries[host.node]).seen
    served(federation, host, seen=seen.model_copy(update={"suspensions": 99}))

    home.sync()

    assert home.alerts() == ["withholding-or-forked"]


def test_summaries_of_suspended_members_are_not_read(federation: Federation, home: Program, host: Program) -> None:
    publish(host)
    federation.stewards.suspend(host.node)
    federation.wait(DAY)

    assert home.sync().summaries_fetched == 0
    assert read(home) == []


def test_only_the_newest_summary_is_published(federation: Federation, host: Program) -> None:
    with transaction(host.engine) as connection:
        for _ in range(3):
            newest = host.member.publish_summary(connection, DRAFT, host.clock.now())
    host.sync()

    assert sha256_hex(federation.exchange.summaries[host.node]) == newest
    puts = [path for method, path in federation.exchange.requests if method == "PUT" and "summaries" in path]
    assert len(puts) == 1
