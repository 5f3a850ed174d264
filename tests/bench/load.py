"""A cheap HTTP/1.1 client for benches: requests are bytes made before, connections stay open, answers are counted."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How long some requests took together, and each of them."""

    seconds: float
    latencies: tuple[float, ...]

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.latencies) / self.seconds


class UnexpectedAnswerError(AssertionError):
    """A server answered something else than the bench is about."""


def request_bytes(method: str, path: str, headers: Sequence[tuple[str, str]], body: bytes) -> bytes:
    """One request as it travels."""
    lines = [f"{method} {path} HTTP/1.1", "host: bench", f"content-length: {len(body)}"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers), "", ""]).encode() + body


def drive(port: int, requests: Sequence[bytes], *, connections: int, expect: int) -> Run:
    """Send every request once over so many connections. Raises: UnexpectedAnswerError."""
    return asyncio.run(_drive(port, list(requests), connections, expect))


async def _drive(port: int, requests: list[bytes], connections: int, expect: int) -> Run:
    latencies: list[float] = []
    waiting = iter(requests)
    streams = [await asyncio.open_connection("127.0.0.1", port) for _ in range(connections)]

    async def work(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for request in waiting:
            start = time.perf_counter()
            writer.write(request)
            status, body = await _answer(reader)
            latencies.append(time.perf_counter() - start)
            if status != expect:
                raise UnexpectedAnswerError(f"{status}: {body[:300]!r}")

    start = time.perf_counter()
    await asyncio.gather(*(work(*stream) for stream in streams))
    seconds = time.perf_counter() - start
    for _, writer in streams:
        writer.close()
        await writer.wait_closed()
    return Run(seconds=seconds, latencies=tuple(latencies))


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    _, _, after = head.partition("content-length: ")
    length = int(after.split("\r\n", 1)[0]) if after else 0
    return int(head.split(" ", 2)[1]), await reader.readexactly(length)
