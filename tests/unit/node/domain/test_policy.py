"""What a yes is given to: the same for the same policy, another for any other."""

from node.domain.actor import UserId
from node.domain.policy import Agreement, PublishingPolicy
from protocol.vocabulary import Publishes, SizeBracket
from tests.support.clock import NOON


def test_another_form_or_size_needs_another_yes() -> None:
    policies = [PublishingPolicy(publishes=form, size=size) for form in Publishes for size in SizeBracket]

    assert len({policy.digest for policy in policies}) == len(policies)
    assert policies[0].digest == PublishingPolicy(publishes=policies[0].publishes, size=policies[0].size).digest


def test_a_program_of_a_declared_size_spends_nothing_and_says_that_it_counts_nobody() -> None:
    counts, bracket = (PublishingPolicy(publishes=form, size=SizeBracket.UNDER_25) for form in Publishes)

    assert (counts.epsilon_milli, bracket.epsilon_milli) == (250, 0)
    assert "89 groups" in counts.label
    assert "no counts" in bracket.label


def test_a_yes_is_witnessed_with_who_said_it_and_when() -> None:
    assert Agreement(policy="p", at=NOON, by=UserId("olga")).content == f"p {NOON.isoformat()} olga"
