"""300 s are forgiven on when a signature was made, nothing on when it ends, and it lives ten minutes at most."""

from datetime import timedelta

import pytest

from protocol.hop import HopTimeError
from tests.unit.ground.hop_peer import (
    NOW,
    Forger,
    get,
    reason,
    signed,
    verify,
)


def test_a_clock_that_is_300_seconds_ahead_is_forgiven_and_one_second_more_is_not() -> None:
    assert verify(signed(get(), now=NOW + timedelta(seconds=300))).created > NOW
    assert reason(signed(get(), now=NOW + timedelta(seconds=301))) == "created-in-the-future"


def test_a_refusal_for_time_names_the_servers_time_and_the_difference() -> None:
    with pytest.raises(HopTimeError) as caught:
        verify(signed(get(), now=NOW + timedelta(hours=2)))

    assert caught.value.params == {
        "reason": "created-in-the-future",
        "server_time": "2027-03-01T12:00:00Z",
        "difference": 7200,
    }


def test_a_slow_clock_is_told_how_far_it_is_behind() -> None:
    with pytest.raises(HopTimeError) as caught:
        verify(signed(get(), now=NOW - timedelta(hours=1)))

    assert caught.value.params["difference"] == -3600


def test_nothing_is_forgiven_on_expires() -> None:
    request = signed(get())

    assert verify(request, now=NOW + timedelta(minutes=10)).expires == NOW + timedelta(minutes=10)
    assert reason(request, now=NOW + timedelta(minutes=10, microseconds=1)) == "expired"
    assert reason(request, now=NOW + timedelta(minutes=10, seconds=1)) == "expired"


def test_a_lifetime_above_ten_minutes_is_refused() -> None:
    forger = Forger()
    forger.expires = NOW + timedelta(minutes=10, seconds=1)

    assert reason(forger.sign(get())) == "lifetime"


def test_a_signature_that_ends_before_it_begins_is_refused() -> None:
    forger = Forger()
    forger.created, forger.expires = NOW + timedelta(seconds=200), NOW + timedelta(seconds=100)

    assert reason(forger.sign(get())) == "lifetime"


def test_a_signature_without_an_end_is_refused() -> None:
    forger = Forger()
    forger.expires = None

    assert reason(forger.sign(get())) == "times-missing"


def test_a_signature_without_a_beginning_is_refused() -> None:
    request = signed(get())
    request.headers["signature-input"] = request.headers["signature-input"].replace(";created=", ";was=")

    assert reason(request) == "times-missing"


def test_a_moment_beyond_every_calendar_is_refused() -> None:
    request = signed(get())
    field = request.headers["signature-input"]
    request.headers["signature-input"] = field.replace("expires=", "expires=99999")

    assert reason(request) == "lifetime"
