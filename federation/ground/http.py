"""The HTTP client of this house: goes where it is sent, and takes no more than it is ready to hold.

No redirects, no proxies or credentials from the environment, no content codings, and a cap on the
response while it streams, in bytes and in time. What is asked, and what an answer means, belongs to the caller.
"""

import ssl
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path

import anyio
import httpx

MAX_RESPONSE_BYTES = 8 * 1024 * 1024
MAX_RESPONSE_SECONDS = 300.0
_CONNECT_SECONDS = 10.0


class ResponseTooLargeError(httpx.TransportError):
    """The peer sent more than this client holds; the rest was not read."""


class ResponseTooSlowError(httpx.TimeoutException):
    """The peer kept sending, a little at a time, for longer than this client listens."""


class EncodedResponseError(httpx.TransportError):
    """The peer compressed its answer although none was accepted; a few bytes could swell to any size."""


def client(
    *,
    timeout: float = 40.0,
    max_response_bytes: int = MAX_RESPONSE_BYTES,
    max_response_seconds: float = MAX_RESPONSE_SECONDS,
    ca_file: Path | None = None,
    base_url: str = "",
    transport: httpx.AsyncBaseTransport | None = None,
) -> httpx.AsyncClient:
    """Return a client; `timeout` outlasts a long poll of 25 s, `ca_file` trusts one authority of one's own."""
    trust = _public_trust() if ca_file is None else ssl.create_default_context(cafile=str(ca_file))
    inner = transport or httpx.AsyncHTTPTransport(verify=trust, trust_env=False, retries=0)
    return httpx.AsyncClient(
        transport=CappedTransport(
            inner, max_response_bytes=max_response_bytes, max_response_seconds=max_response_seconds
        ),
        base_url=base_url,
        timeout=httpx.Timeout(timeout, connect=_CONNECT_SECONDS),
        follow_redirects=False,
        trust_env=False,
        headers={"Accept-Encoding": "identity"},
    )


@cache
def _public_trust() -> ssl.SSLContext:
    # Reading every authority takes longer than fetching a small file, and many clients are opened for one file.
    return httpx.create_ssl_context(trust_env=False)


class CappedTransport(httpx.AsyncBaseTransport):
    """Counts the bytes and the seconds of every response as it arrives and stops above either cap."""

    def __init__(
        self,
        inner: httpx.AsyncBaseTransport,
        *,
        max_response_bytes: int,
        max_response_seconds: float = MAX_RESPONSE_SECONDS,
    ) -> None:
        self._inner = inner
        self._cap = max_response_bytes
        self._seconds = max_response_seconds

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request and hand back a response that cannot grow beyond the cap.

        Raises: EncodedResponseError, ResponseTooSlowError; reading the response raises ResponseTooLargeError and
        ResponseTooSlowError.
        """
        until = anyio.current_time() + self._seconds
        try:
            with anyio.fail_after(self._seconds):
                response = await self._inner.handle_async_request(request)
        except TimeoutError as error:
            raise ResponseTooSlowError("response", request=request) from error
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            await response.aclose()
            raise EncodedResponseError("content-encoding", request=request)
        assert isinstance(response.stream, httpx.AsyncByteStream)  # noqa: S101 - an async transport answers so
        response.stream = _CappedStream(response.stream, self._cap, until, request)
        return response

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


class _CappedStream(httpx.AsyncByteStream):
    def __init__(self, inner: httpx.AsyncByteStream, cap: int, until: float, request: httpx.Request) -> None:
        self._inner = inner
        self._cap = cap
        self._until = until
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self._inner:
            size += len(chunk)
            if size > self._cap:
                raise ResponseTooLargeError("response", request=self._request)
            if anyio.current_time() > self._until:
                raise ResponseTooSlowError("response", request=self._request)
            yield chunk

    async def aclose(self) -> None:
        await self._inner.aclose()
