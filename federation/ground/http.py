"""The HTTP client of this house: goes where it is sent, and takes no more than it is ready to hold.

No redirects, no proxies or credentials from the environment, no content codings, and a cap on the
response while it streams. What is asked, and what an answer means, belongs to the caller.
"""

import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import httpx

MAX_RESPONSE_BYTES = 8 * 1024 * 1024
_CONNECT_SECONDS = 10.0


class ResponseTooLargeError(httpx.TransportError):
    """The peer sent more than this client holds; the rest was not read."""


class EncodedResponseError(httpx.TransportError):
    """The peer compressed its answer although none was accepted; a few bytes could swell to any size."""


def client(
    *,
    timeout: float = 40.0,
    max_response_bytes: int = MAX_RESPONSE_BYTES,
    ca_file: Path | None = None,
    base_url: str = "",
    transport: httpx.AsyncBaseTransport | None = None,
) -> httpx.AsyncClient:
    """Return a client; `timeout` outlasts a long poll of 25 s, `ca_file` trusts one authority of one's own."""
    inner = transport or httpx.AsyncHTTPTransport(verify=_trust(ca_file), trust_env=False, retries=0)
    return httpx.AsyncClient(
        transport=CappedTransport(inner, max_response_bytes=max_response_bytes),
        base_url=base_url,
        timeout=httpx.Timeout(timeout, connect=_CONNECT_SECONDS),
        follow_redirects=False,
        trust_env=False,
        headers={"Accept-Encoding": "identity"},
    )


def _trust(ca_file: Path | None) -> ssl.SSLContext | bool:
    return True if ca_file is None else ssl.create_default_context(cafile=str(ca_file))


class CappedTransport(httpx.AsyncBaseTransport):
    """Counts the bytes of every response as they arrive and stops above the cap."""

    def __init__(self, inner: httpx.AsyncBaseTransport, *, max_response_bytes: int) -> None:
        self._inner = inner
        self._cap = max_response_bytes

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request and hand back a response that cannot grow beyond the cap.

        Raises: EncodedResponseError; reading the response raises ResponseTooLargeError.
        """
        response = await self._inner.handle_async_request(request)
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            await response.aclose()
            raise EncodedResponseError("content-encoding", request=request)
        assert isinstance(response.stream, httpx.AsyncByteStream)  # noqa: S101 - an async transport answers so
        response.stream = _CappedStream(response.stream, self._cap, request)
        return response

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


class _CappedStream(httpx.AsyncByteStream):
    def __init__(self, inner: httpx.AsyncByteStream, cap: int, request: httpx.Request) -> None:
        self._inner = inner
        self._cap = cap
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self._inner:
            size += len(chunk)
            if size > self._cap:
                raise ResponseTooLargeError("response", request=self._request)
            yield chunk

    async def aclose(self) -> None:
        await self._inner.aclose()
