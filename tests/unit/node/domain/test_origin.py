"""What is kept of where a session was begun: families, and half an address."""

import pytest

from node.domain.origin import UNKNOWN, Browser, System, origin_of

AGENTS = {
    "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0": (Browser.FIREFOX, System.LINUX),
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36 "
    "Edg/128.0.0.0": (Browser.EDGE, System.WINDOWS),
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Mobile Safari/537.36": (
        Browser.CHROME,
        System.ANDROID,
    ),
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
    "Mobile/15E148 Safari/604.1": (Browser.SAFARI, System.IOS),
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 "
    "Safari/537.36 OPR/114.0.0.0": (Browser.OPERA, System.MAC),
    "curl/8.5.0": (Browser.OTHER, System.OTHER),
}


@pytest.mark.parametrize("agent", AGENTS)
def test_browsers_are_told_by_family_only(agent: str) -> None:
    kept = origin_of(agent, "")

    assert (kept.browser, kept.system) == AGENTS[agent]


@pytest.mark.parametrize(
    ("address", "network"),
    [("192.0.2.7", "192.0"), ("2001:db8:1:2::3", "2001:0db8"), ("testclient", ""), ("", "")],
)
def test_of_an_address_only_its_beginning_is_kept(address: str, network: str) -> None:
    assert origin_of("", address).network == network


def test_nothing_known_is_nothing_kept() -> None:
    assert origin_of("", "") == UNKNOWN
