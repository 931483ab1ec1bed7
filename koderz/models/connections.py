"""HTTP for many requests at once, for the SDKs that are built on httpx2."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import TypeVar
from urllib.request import getproxies

import httpx2

Client = TypeVar("Client", bound=httpx2.AsyncClient)

_LIMITS = httpx2.Limits()  # none: how many at once is decided by who asks


def client_for_many(kind: Callable[..., Client]) -> Client:
    """A client of the SDK's own kind. Behind a proxy it is the ordinary one, since a transport knows no proxies."""
    return kind(limits=_LIMITS) if getproxies() else kind(limits=_LIMITS, transport=OneEach())


class OneEach(httpx2.AsyncBaseTransport):
    """Gives each request that is under way a pool with a single connection, the one used last first.

    One pool for all would look through all of its connections at the start and the end of each request: with 256
    under way that takes as long as the rest of the call.
    """

    def __init__(self) -> None:
        self._context = httpx2.create_ssl_context()
        self._all: list[httpx2.AsyncHTTPTransport] = []
        self._idle: list[httpx2.AsyncHTTPTransport] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        lane = self._idle.pop() if self._idle else self._new()
        try:
            response = await lane.handle_async_request(request)
        except BaseException:
            self._idle.append(lane)
            raise
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = _Body(response.stream, lambda: self._idle.append(lane))
        return response

    async def aclose(self) -> None:
        lanes, self._all, self._idle = self._all, [], []
        for lane in lanes:
            await lane.aclose()

    def _new(self) -> httpx2.AsyncHTTPTransport:
        lane = httpx2.AsyncHTTPTransport(verify=self._context, limits=_LIMITS)
        self._all.append(lane)
        return lane


class _Body(httpx2.AsyncByteStream):
    """A body that tells once when it is closed."""

    def __init__(self, body: httpx2.AsyncByteStream, on_close: Callable[[], None]) -> None:
        self._body, self._on_close = body, on_close
        self._open = True

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._body.__aiter__()

    async def aclose(self) -> None:
        try:
            await self._body.aclose()
        finally:
            if self._open:
                self._open = False
                self._on_close()
