"""What the TUF client downloads, through the HTTP client of this house.

Whose roster it is, and what a verified file means, belongs to those who read it.
"""

from collections.abc import Callable, Iterator
from http import HTTPStatus

import anyio
import httpx
from tuf.api.exceptions import DownloadHTTPError
from tuf.ngclient.fetcher import FetcherInterface


class HttpxFetcher(FetcherInterface):
    """Fetches one file at a time; `connect` opens a capped client, which is closed after every file.

    Must be called outside a running event loop, as the TUF client is.
    """

    def __init__(self, connect: Callable[[], httpx.AsyncClient]) -> None:
        self._connect = connect

    def _fetch(self, url: str) -> Iterator[bytes]:
        response = anyio.run(self._get, url)
        if response.status_code != HTTPStatus.OK:
            raise DownloadHTTPError("the roster file was not served", response.status_code)
        return iter((response.content,))

    async def _get(self, url: str) -> httpx.Response:
        async with self._connect() as client:
            return await client.get(url)
