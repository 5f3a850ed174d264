"""A member that records everything it may fetch, and guesses from the record whose each anonymous item is."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import comb, log

import httpx

from protocol import jws
from protocol.ids import sha256_hex
from protocol.jws import Typ, by_id, claimed_payload
from protocol.keys import VerifyingKey
from protocol.needs import BATCH_LIMIT, Batch, BoardKind
from tests.support.exchange import Federation, Peer

JOSE = "application/jose"
BINS = 8
Row = tuple[float, ...]
FEATURES = ("place", "id", "gap before", "size", "first seen", "bytes before it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One answer, between which two releases it came, and what it said."""

    period: int
    at: datetime
    path: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def plain(self) -> bytes:
        """The body, or what is signed in it."""
        return claimed_payload(self.body, typ=Typ.BATCH) if ("content-type", JOSE) in self.headers else self.body


@dataclass(slots=True, kw_only=True)
class Recorder:
    """Asks for everything a member may ask for, and forgets nothing."""

    exchange: Federation
    peer: Peer
    period: int = 0
    seen: list[Seen] = field(default_factory=list)
    said: dict[int, list[bytes]] = field(default_factory=dict)

    async def look(self) -> None:
        """Fetch everything once: what is open, what was released last, and what anybody may know."""
        for kind in BoardKind:
            overview = await self._get(f"/v1/{kind.value}")
            for batch in (overview.json()["open"], *overview.json()["released"][:1]):
                await self._get(f"/v1/{kind.value}/{batch}")
        for path in ("/v1/status", "/v1/summaries/index", "/v1/mailbox"):
            await self._get(path)

    async def _get(self, path: str) -> httpx.Response:
        response = await self.exchange.send("GET", path, peer=self.peer)
        self.seen.append(
            Seen(
                period=self.period,
                at=self.exchange.clock.now(),
                path=path,
                status=response.status_code,
                headers=tuple(sorted(response.headers.items())),
                body=response.content,
            )
        )
        return response

    def changing(self) -> set[str]:
        """What answered differently at two moments between the same two releases."""
        answers: defaultdict[tuple[int, str], set[tuple[object, ...]]] = defaultdict(set)
        for one in self.seen:
            answers[one.period, one.path].add((one.status, one.headers, one.body))
        return {path for (_, path), different in answers.items() if len(different) > 1}

    def items(self, kind: BoardKind, board: VerifyingKey) -> dict[str, Row]:
        """What is known of every card, by its key, or of every offer, by its text: one number for each of FEATURES."""
        found: dict[str, Row] = {}
        for one in self.seen:
            if not one.path.startswith(f"/v1/{kind.value}/") or ("content-type", JOSE) not in one.headers:
                continue
            # Read without the order that every reader asks for: an attacker learns from what it must refuse.
            payload = jws.verify(one.body, typ=Typ.BATCH, keys=by_id(board)).payload
            batch = Batch.parse(payload, limit=BATCH_LIMIT)
            shown = [(card.key.x, card.card_id, card.encode()) for card in batch.cards]
            shown += [(offer, sha256_hex(offer.encode()), offer.encode()) for offer in batch.offers]
            before = 0.0
            for place, (name, digest, raw) in enumerate(shown):
                number = int(digest[:8], 16) / 2**32
                if name not in found:
                    found[name] = (
                        (place + 0.5) / len(shown),
                        number,
                        number - before,
                        float(len(raw)),
                        self._first(name, one.period),
                        payload.index(name.encode()) / len(payload),
                    )
                before = number
        return found

    def _first(self, name: str, period: int) -> float:
        """How many answers after the release this was first seen in one; before the release, less than nothing."""
        near = self._near(period)
        first = next(at for at, plain in enumerate(near) if name.encode() in plain)
        return float(first - sum(one.period == period - 1 for one in self.seen))

    def _near(self, period: int) -> list[bytes]:
        """What was said since the release before that of `period`."""
        if period not in self.said:
            self.said[period] = [one.plain for one in self.seen if one.period in {period - 1, period}]
        return self.said[period]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How often guesses were right, and how often guessing by size alone might be by chance."""

    right: int
    of: int
    limit: int

    @property
    def knows_more(self) -> bool:
        """Whether the guesser did better than chance allows one who knows the sizes."""
        return self.right > self.limit


def judge(rows: Sequence[tuple[Row, str]], columns: Sequence[int], false_alarm: float) -> Verdict:
    """Learn from one half whose items look how, and guess the other: first half from second, and second from first.

    That the guesser is told whose the items of one half are is a gift. Whoever knows no more than sizes is right with
    the share of the largest program at most; the limit is exceeded by chance with probability `false_alarm` at most.
    """
    half = len(rows) // 2
    parts = (rows[:half], rows[half:])
    right = sum(_right(known, asked, columns) for known, asked in (parts, parts[::-1]))
    share = max(Counter(label for _, label in rows).values()) / len(rows)
    return Verdict(right=right, of=len(rows), limit=_limit(len(rows), share, false_alarm))


def _right(known: Sequence[tuple[Row, str]], asked: Sequence[tuple[Row, str]], columns: Sequence[int]) -> int:
    """How many of `asked` a naive Bayes guesser names, who learnt from `known`."""
    edges = [_edges([row[column] for row, _ in known]) for column in columns]

    def binned(row: Row) -> tuple[int, ...]:
        return tuple(bisect_right(edge, row[column]) for edge, column in zip(edges, columns, strict=True))

    sizes = Counter(label for _, label in known)
    counts = Counter((place, value, label) for row, label in known for place, value in enumerate(binned(row)))

    def weight(label: str, values: tuple[int, ...]) -> float:
        total = sizes[label]
        return log(total) + sum(
            log((counts[place, value, label] + 0.5) / (total + 0.5 * BINS)) for place, value in enumerate(values)
        )

    return sum(label == max(sizes, key=lambda one: weight(one, binned(row))) for row, label in asked)


def _edges(values: Sequence[float]) -> list[float]:
    ordered = sorted(values)
    return sorted({ordered[len(ordered) * step // BINS] for step in range(1, BINS)})


def _limit(n: int, share: float, tail: float) -> int:
    """The least number that a binomial count exceeds with probability `tail` at most."""
    left = 1.0
    for right in range(n + 1):
        left -= comb(n, right) * share**right * (1 - share) ** (n - right)
        if left <= tail:
            return right
    return n
