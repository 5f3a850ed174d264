"""Sessions, passwords and how many attempts are taken."""

from dataclasses import replace
from datetime import timedelta

import pytest

from node.domain.actor import UserId
from node.domain.signin import (
    FREE_ON_ONE_ACCOUNT,
    IDLE,
    LONGEST,
    SEEN_EVERY,
    PasswordGuessableError,
    PasswordLengthError,
    Session,
    check_password,
    digest,
    pause,
)
from tests.support.clock import NOON

SESSION = Session(digest=digest("a token"), user=UserId("robin"), begun_at=NOON, seen_at=NOON)


def test_a_session_ends_when_nobody_uses_it() -> None:
    assert SESSION.is_open(NOON + IDLE - timedelta(seconds=1))
    assert not SESSION.is_open(NOON + IDLE)


def test_a_session_ends_after_a_working_day_however_busy() -> None:
    busy = replace(SESSION, seen_at=NOON + LONGEST - timedelta(seconds=1))

    assert busy.is_open(NOON + LONGEST - timedelta(seconds=1))
    assert not busy.is_open(NOON + LONGEST)


def test_a_session_is_written_down_again_once_a_minute() -> None:
    assert SESSION.seen(NOON + SEEN_EVERY - timedelta(seconds=1)) is SESSION
    assert SESSION.seen(NOON + SEEN_EVERY).seen_at == NOON + SEEN_EVERY


def test_a_digest_does_not_hold_its_token() -> None:
    assert "a token" not in digest("a token")
    assert digest("a token") != digest("another")


@pytest.mark.parametrize("password", ["elevenchars", "x" * 201])
def test_a_password_is_neither_short_nor_a_book(password: str) -> None:
    with pytest.raises(PasswordLengthError):
        check_password(password, name="Robin Tremblay", email="robin@example.org")


@pytest.mark.parametrize(
    "password", ["aaaaaaaaaaaaaaaa", "abababababab", "ROBIN@example.org1", "tremblayrobin", "Tremblay12345"[:12] * 2]
)
def test_a_password_is_not_made_of_a_few_characters_or_its_owner(password: str) -> None:
    with pytest.raises(PasswordGuessableError):
        check_password(password.replace("12345", "1"), name="Robin Tremblay", email="robin@example.org")


def test_a_few_words_are_a_good_password_also_of_somebody_without_an_address() -> None:
    check_password("plum jam on warm bread", name="Robin", email="")


def test_the_wait_on_one_account_grows_and_stays_bearable() -> None:
    waits = [pause(failures).total_seconds() for failures in range(FREE_ON_ONE_ACCOUNT - 1, FREE_ON_ONE_ACCOUNT + 6)]

    assert waits == [0, 1, 2, 4, 8, 8, 8]
