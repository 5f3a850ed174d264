"""The port `Links` on both databases, and what holds at `Provider` before anything is asked of anybody."""

from dataclasses import replace
from datetime import timedelta

import pytest

from node.adapters.oidc import OpenIdProvider
from node.domain.passkey import Site
from node.domain.provider import Account, Errand, Link, ProviderAwayError
from tests.contracts.node.test_signin import a_user
from tests.support.clock import NOON, FakeClock
from tests.support.node import OpenSqlWork

ACCOUNT = Account(issuer="https://id.example.org", subject="robin-1")


def test_an_account_is_one_users_and_is_allowed_forgotten_and_taken_back(work: OpenSqlWork) -> None:
    robin = a_user(work)
    link = Link(account=ACCOUNT.digest, user=robin.id, added_at=NOON)
    with work() as unit:
        assert unit.links.get(link.account) is None
        unit.links.keep(link)
        unit.links.tidy(NOON)
        assert unit.links.of(robin.id) == (link,)
        unit.links.keep(link.allow(NOON))

    with work() as unit:
        unit.links.tidy(NOON + timedelta(days=1))
        assert unit.links.get(link.account) == link.allow(NOON)
        unit.links.keep(replace(link, account=replace(ACCOUNT, subject="2").digest))
        unit.links.tidy(NOON + timedelta(days=1))
        assert unit.links.of(robin.id) == (link.allow(NOON),)
        unit.links.remove(robin.id)
        assert unit.links.of(robin.id) == ()


@pytest.mark.parametrize(
    "other",
    [
        replace(ACCOUNT, issuer="https://id.example.net"),
        replace(ACCOUNT, subject="robin"),
        replace(ACCOUNT, tenant="1"),
    ],
    ids=["provider", "name", "organisation"],
)
def test_accounts_are_told_apart_by_provider_organisation_and_name(other: Account) -> None:
    assert other.digest != ACCOUNT.digest
    assert replace(ACCOUNT, email="robin@example.org", email_verified=True).digest == ACCOUNT.digest


def test_what_is_sent_along_fits_together_and_gives_its_secret_away_nowhere() -> None:
    errand = Errand("secret")
    parts = {errand.state, errand.nonce, errand.verifier, errand.challenge, errand.secret}

    assert len(parts) == 5
    assert {len(part) for part in parts - {"secret"}} == {43}  # RFC 7636, section 4.1: 43 to 128 characters


def test_nobody_is_sent_to_a_provider_that_anybody_can_read_along() -> None:
    provider = OpenIdProvider(issuer="http://id.example.org", client_id="us", secret_file=None, clock=FakeClock())
    site = Site(origin="https://mentors.example.org", host="mentors.example.org")

    with pytest.raises(ProviderAwayError):
        provider.address(Errand("secret"), site)
    with pytest.raises(ProviderAwayError):
        provider.account(Errand("secret"), site, "code")
