"""Two writers, any network: whatever is lost for a while, doubled or turned round, both ends reach the same state."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from protocol.thread.table import ENDS, RANKS, Side, allowed
from tests.unit.protocol.thread.ends import KINDS, End, Pair

if TYPE_CHECKING:
    from protocol.bodies import Kind
    from protocol.thread.chains import Link

# Endings would stop most stories at once; the longer ones are where messages race.
QUIET = st.sampled_from([kind for kind in KINDS if kind not in ENDS])
MOVES = st.tuples(st.sampled_from(["say", "hear", "hear", "twice", "end"]), st.sampled_from(Side), st.integers(0, 99))


def write(end: End, how: str, pick: int) -> Link | None:
    """Something legal that this end has not to be asked twice for."""
    kinds = [kind for kind in allowed(end.state, end.side) if (kind in ENDS) == (how == "end")]
    return end.say(kinds[pick % len(kinds)]) if kinds else None


def play(pair: Pair, moves: list[tuple[str, Side, int]]) -> dict[Side, list[Link]]:
    """Let both ends write and the network do as `moves` say; returns what is still under way, by its author."""
    under_way: dict[Side, list[Link]] = {Side.HOME: [], Side.HOST: []}
    for how, side, pick in moves:
        waiting = under_way[side.other]
        if how in ("say", "end"):
            link = write(pair.end(side), how, pick)
            under_way[side].extend([link] if link else [])
        elif waiting:
            index = pick % len(waiting)
            pair.end(side).hear(waiting[index] if how == "twice" else waiting.pop(index))
    return under_way


@settings(max_examples=400, deadline=None)
@given(st.lists(MOVES, max_size=60), st.randoms(use_true_random=False))
def test_any_interleaving_of_two_writers_delivers_the_same_state_to_both_ends(
    moves: list[tuple[str, Side, int]], random: object
) -> None:
    pair = Pair()
    under_way = play(pair, moves)
    late = list(chain.from_iterable(under_way.values())) * 2
    random.shuffle(late)  # type: ignore[attr-defined]  # hypothesis hands out a random.Random
    for link in late:
        pair.end(link.side.other).hear(link)
    assert pair.home.thread == pair.host.thread
    assert pair.home.thread.resolve() == pair.host.thread.resolve()
    for end in (pair.home, pair.host):
        assert not end.parked
        assert not end.refused


@settings(max_examples=200, deadline=None)
@given(st.lists(MOVES, max_size=60), st.randoms(use_true_random=False))
def test_the_state_is_a_function_of_the_set_of_messages(moves: list[tuple[str, Side, int]], random: object) -> None:
    pair = Pair()
    play(pair, moves)
    everything = [*pair.home.thread.home, *pair.host.thread.host]
    random.shuffle(everything)  # type: ignore[attr-defined]  # hypothesis hands out a random.Random
    reader = End(Side.HOME)  # somebody who wrote nothing and was sent all of it in any order
    for link in everything:
        reader.hear(link)
    assert not reader.parked
    assert not reader.refused
    ranks = [RANKS[ENDS[link.kind]] for link in everything if link.kind in ENDS]
    assert RANKS.get(reader.state, 0) == max(ranks, default=0)


def play_badly(pair: Pair, moves: list[tuple[Kind | None, tuple[str, Side, int]]]) -> list[Link]:
    """The host also writes what it may not, and both refuse letters for reasons outside the thread."""
    under_way: list[Link] = []
    for broken, (how, side, pick) in moves:
        if how in ("say", "end"):
            link = write(pair.end(side), how, pick) if broken is None else pair.host.blurt(broken)
            under_way.extend([link] if link else [])
        elif under_way:
            link = under_way.pop(pick % len(under_way))
            receiver = pair.end(link.side.other)
            if how != "twice" or not receiver.refuse(link):
                receiver.hear(link)
    return under_way


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.none() | st.sampled_from(KINDS), MOVES), max_size=40), st.randoms(use_true_random=False))
def test_a_broken_writer_and_refused_letters_still_leave_both_ends_alike(
    moves: list[tuple[Kind | None, tuple[str, Side, int]]], random: object
) -> None:
    pair = Pair()
    late = play_badly(pair, moves)
    random.shuffle(late)  # type: ignore[attr-defined]  # hypothesis hands out a random.Random
    for link in late:
        pair.end(link.side.other).hear(link)
    pair.home.refusals_come_home(pair.host.refused)
    pair.host.refusals_come_home(pair.home.refused)
    assert pair.home.thread == pair.host.thread
    assert pair.home.thread.resolve() == pair.host.thread.resolve()
    assert not pair.home.parked
    assert not pair.host.parked
