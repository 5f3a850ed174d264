"""Stories of two chains as test vectors: what state a set of links adds up to, and what becomes of one more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocol.bodies import Kind
from protocol.thread.chains import Link, Thread
from protocol.thread.table import TABLE, Side, State, allowed
from tests.conformance.vectors.case import Case, Fields, Given
from tests.unit.protocol.thread.ends import PATHS, Pair, at, digest, written

if TYPE_CHECKING:
    from protocol.ids import Digest
    from protocol.parsing import Json


def _optional(given: Given, name: str) -> Digest | None:
    return given.digest(name) if given.has(name) else None


def _link(given: Given) -> Link:
    return Link(
        side=Side(given.text("side")),
        n=given.number("n"),
        kind=Kind(given.text("type")),
        digest=given.digest("digest"),
        prev=_optional(given, "prev"),
        seen_n=given.number("seen_n"),
        seen_hash=_optional(given, "seen_hash"),
        void=given.has("void"),
    )


def _thread(given: Given) -> Thread:
    thread = Thread()
    for each in given.each("links"):
        thread = thread.add(_link(each))
    return thread


def resolve(given: Given) -> Json:
    """The state of a set of links, and which were overtaken."""
    found = _thread(given).resolve()
    overtaken: list[Json] = [f"{side.value} {n}" for side, n in sorted(found.overtaken)]
    return {"state": found.state.value, "overtaken": overtaken}


def judge(given: Given) -> Json:
    """What becomes of one more link."""
    return _thread(given).judge(_link(given.inside("link"))).value


def _short(value: Digest | None) -> str | None:
    """Hashes are names here, compared and nothing else: the beginning is enough."""
    return None if value is None else value[:12]


def _fields(link: Link) -> Fields:
    found: Fields = {
        "side": link.side.value,
        "n": link.n,
        "type": link.kind.value,
        "digest": _short(link.digest),
        "prev": _short(link.prev),
        "seen_n": link.seen_n,
        "seen_hash": _short(link.seen_hash),
    }
    return found | ({"void": True} if link.void else {})


def _links(thread: Thread) -> list[Json]:
    """Home's chain, then the host's: the order in which they came is no input."""
    return [_fields(link) for link in (*thread.home, *thread.host)]


def _judged(name: str, pair: Pair, link: Link, error: str | None = None) -> Case:
    thread = pair.end(link.side.other).thread
    given: Fields = {"links": _links(thread), "link": _fields(link)}
    return Case(name=name, operation="judge_link", given=given, error=error)


def _stories() -> list[Case]:
    return [
        Case(
            name=f"a story that leads to {state.value}",
            operation="resolve_thread",
            given={"links": _links(at(state).home.thread)},
        )
        for state in PATHS
    ]


def _crossings() -> list[Case]:
    found = []
    for state in State:
        for home in allowed(state, Side.HOME):
            for host in allowed(state, Side.HOST):
                pair = at(state)
                pair.cross(home, host)
                name = f"{home.value} crosses {host.value} in {state.value}"
                found.append(Case(name=name, operation="resolve_thread", given={"links": _links(pair.home.thread)}))
    return found


def _illegal() -> list[Case]:
    found = []
    for state in (State.NEW, State.ASKED, State.OFFERED, State.INTRODUCED, State.CLOSED, State.ERASED):
        for side in Side:
            for kind in (Kind.REQUEST_OPEN, Kind.OFFER_CONFIRM, Kind.INTRO_REVEAL, Kind.REQUEST_WITHDRAW):
                if (state, side, kind) not in TABLE:
                    pair = at(state)
                    link = written(pair.end(side).thread, side, kind)
                    found.append(
                        _judged(f"{kind.value} by {side.value} in {state.value}", pair, link, "thread-illegal")
                    )
    return found


def _changed(name: str, error: str, **changes: Json) -> Case:
    pair = at(State.INTRODUCED)
    link = pair.said(Side.HOST, Kind.STATUS_UPDATE)
    case = _judged(name, pair, link, error)
    placed = case.given["link"]
    assert isinstance(placed, dict)
    return Case(name=name, operation=case.operation, given=case.given | {"link": placed | changes}, error=error)


def _placed() -> list[Case]:
    pair = at(State.ASKED)
    offer, recall = pair.said(Side.HOST, Kind.REQUEST_OFFER), pair.said(Side.HOST, Kind.OFFER_RECALL)
    other = digest(Side.HOST, 99, Kind.STATUS_UPDATE)
    restored = at(State.OFFERED)
    restored.host.hear(restored.said(Side.HOME, Kind.OFFER_ACCEPT))
    confirm = restored.said(Side.HOST, Kind.OFFER_CONFIRM)
    forgotten: Fields = {"links": _links(at(State.OFFERED).home.thread), "link": _fields(confirm)}
    first = at(State.INTRODUCED).host.thread.home[0].digest
    again = at(State.OFFERED)
    return [
        _judged("the next link is accepted", pair, offer),
        _judged("a link after a gap is parked", pair, recall),
        _judged("the same link again is a duplicate", again, again.host.thread.host[0]),
        Case(name="an author that saw more of ours than we hold", operation="judge_link", given=forgotten),
        _changed("another message at the same place", "thread-equivocation", n=1),
        _changed("a link that does not follow the one before", "thread-chain", prev=_short(other)),
        _changed("an author that saw another message of ours", "thread-fork", seen_hash=_short(other)),
        _changed("an author that forgot what it saw", "thread-view-regress", seen_n=1, seen_hash=_short(first)),
    ]


def _void() -> Case:
    pair = at(State.INTRODUCED)
    bad = pair.home.blurt(Kind.REQUEST_WITHDRAW)
    pair.host.hear(bad)
    given: Fields = {"links": _links(pair.host.thread)}
    return Case(name="a refused tombstone ends nothing", operation="resolve_thread", given=given)


def cases() -> list[Case]:
    """Every vector about threads."""
    return [*_stories(), *_crossings(), _void(), *_placed(), *_illegal()]
