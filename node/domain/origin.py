"""Where a session was begun, told so coarsely that its owner recognises it and nobody is followed by it."""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv6Address, ip_address


class Browser(StrEnum):
    """Families of browsers; in a user agent the later of these names are said by the earlier ones, too."""

    EDGE = "edge"
    OPERA = "opera"
    FIREFOX = "firefox"
    CHROME = "chrome"
    SAFARI = "safari"
    OTHER = "other"


class System(StrEnum):
    """Families of operating systems."""

    ANDROID = "android"
    IOS = "ios"
    WINDOWS = "windows"
    MAC = "mac"
    LINUX = "linux"
    OTHER = "other"


_BROWSERS = {
    Browser.EDGE: ("Edg/", "EdgA/", "EdgiOS/"),
    Browser.OPERA: ("OPR/",),
    Browser.FIREFOX: ("Firefox/", "FxiOS/"),
    Browser.CHROME: ("Chrome/", "CriOS/"),
    Browser.SAFARI: ("Safari/",),
}
_SYSTEMS = {
    System.ANDROID: ("Android",),
    System.IOS: ("iPhone", "iPad"),
    System.WINDOWS: ("Windows",),
    System.MAC: ("Macintosh",),
    System.LINUX: ("Linux", "X11"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Which family of browser on which family of system, and the beginning of its address: never the whole of it."""

    browser: Browser = Browser.OTHER
    system: System = System.OTHER
    network: str = ""


UNKNOWN = Origin()
"""Nothing was kept, or nothing is known."""


def origin_of(user_agent: str, address: str) -> Origin:
    """What is kept of a visit."""
    browser = next((one for one, marks in _BROWSERS.items() if any(mark in user_agent for mark in marks)), None)
    system = next((one for one, marks in _SYSTEMS.items() if any(mark in user_agent for mark in marks)), None)
    return Origin(browser=browser or Browser.OTHER, system=system or System.OTHER, network=_network(address))


def _network(address: str) -> str:
    """The half of an IPv4 address, the third of an IPv6 address that a provider has; blank for anything else."""
    try:
        known = ip_address(address)
    except ValueError:
        return ""
    if isinstance(known, IPv6Address):
        return ":".join(known.exploded.split(":")[:2])
    return ".".join(str(known).split(".")[:2])
