"""The frame of a call, shared by the clients of all servers: one answer, streamed, in time, or one of our errors."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing, contextmanager
from copy import copy
from dataclasses import replace
from time import monotonic
from typing import Any, Self

import anyio

from koderz.core.errors import ModelError, Unavailable
from koderz.core.ports import OnText, ignore_text
from koderz.core.types import Completion, ModelRequest
from koderz.models.faults import Peer, refuses_temperature
from koderz.models.public_calls import PublicCalls
from koderz.models.registry import ModelInfo, describe
from koderz.models.streaming import Answer

CONNECT_S = 10.0
"""A machine that is there accepts a connection sooner, however busy its model is."""
_STALL_SLACK = 0.1
"""A share of `stall_s`: setting a deadline costs more than reading a chunk, so it is not set anew for each."""


class ServedModel(PublicCalls):
    """A client of a server that streams. What differs between providers is in the methods without a body.

    `timeout` is for a whole answer, in seconds. Before the first token nothing else counts, as a big model may read a
    long prompt for minutes; after it, `stall_s` without another is a time-out too. What
    an answer's `sent` lacks was not sent.
    """

    provider: str
    max_tokens: int
    timeout: float
    stall_s: float = 60.0

    def __init__(self) -> None:
        self._no_temperature: set[str] = set()
        self._sdk: Any = None

    def fresh(self) -> Self:
        other = copy(self)
        other._sdk = None
        return other

    async def complete(self, request: ModelRequest, on_text: OnText = ignore_text) -> Completion:
        info = self._info(request.model)
        asked = replace(request, temperature=None) if info.name in self._no_temperature else request
        try:
            return await self._answered(asked, info, on_text)
        except ModelError as error:
            if asked.temperature is None or not refuses_temperature(error):
                raise
        self._no_temperature.add(info.name)
        return await self._answered(replace(request, temperature=None), info, on_text)

    async def aclose(self) -> None:
        sdk, self._sdk = self._sdk, None
        if sdk is not None:
            await sdk.close()

    @abstractmethod
    def _client(self) -> Any:
        """The SDK's client, made at the first call. Raises `AuthFailed` where a key is missing."""

    @abstractmethod
    def _sampling(self, request: ModelRequest, model: str) -> dict[str, Any]:
        """What decides about the answer, as it is sent."""

    @abstractmethod
    def _chunks(self, request: ModelRequest, answer: Answer) -> AsyncGenerator[Any]:
        """Asks, and yields what arrives."""

    @abstractmethod
    def _take(self, chunk: Any, answer: Answer) -> None:
        """Puts into the answer what a chunk tells. What is unknown in it is passed over."""

    @abstractmethod
    async def _finished(self, answer: Answer, request: ModelRequest, info: ModelInfo) -> Completion: ...

    @abstractmethod
    def _peer(self) -> Peer: ...

    @abstractmethod
    def _faults(self) -> tuple[type[Exception], ...]:
        """What the SDK and the transport raise."""

    @abstractmethod
    def _converted(self, error: Exception, what: str) -> ModelError: ...

    def _info(self, model: str) -> ModelInfo:
        return describe(self.provider, model)

    async def _answered(self, request: ModelRequest, info: ModelInfo, on_text: OnText) -> Completion:
        self._client()  # importing an SDK takes seconds, which are none of the model's
        answer = Answer(on_text, info.name, self._sampling(request, info.name))
        await self._read(request, answer)
        if answer.finish is None:
            raise self._unfinished(answer)
        return await self._finished(answer, request, info)

    async def _read(self, request: ModelRequest, answer: Answer) -> None:
        peer, end = self._peer(), anyio.current_time() + self.timeout
        slack = self.stall_s * _STALL_SLACK
        renewed = float("-inf")
        with anyio.CancelScope(deadline=end) as patience:
            async with aclosing(self._arriving(request, answer)) as chunks:
                async for chunk in chunks:
                    self._take(chunk, answer)
                    if answer.begun and (now := monotonic()) > renewed + slack:
                        renewed = now
                        patience.deadline = min(end, anyio.current_time() + self.stall_s + slack)
        if patience.cancelled_caught:
            stalled = patience.deadline < end
            raise peer.stalled(answer.model, self.stall_s) if stalled else peer.timed_out(answer.model, self.timeout)

    async def _arriving(self, request: ModelRequest, answer: Answer) -> AsyncGenerator[Any]:
        """Only what the SDK raises is converted: an error of the listener is the listener's."""
        with self._our_errors(answer.model):
            async with aclosing(self._chunks(request, answer)) as chunks:
                async for chunk in chunks:
                    yield chunk

    def _broken(self, error: Exception, what: str) -> ModelError:
        """No HTTP status was told: nobody is there, it took too long, or the connection broke."""
        names = {type(each).__name__ for each in (error, error.__cause__, error.__context__)}
        if names & {"ReadTimeout", "WriteTimeout", "PoolTimeout"}:
            return self._peer().timed_out(what, self.timeout)
        return self._peer().error(what, None, str(error))

    def _unfinished(self, answer: Answer) -> Unavailable:
        if answer.unlikely_type and not answer.begun:
            return self._peer().garbled(answer.model, f"it came as {answer.unlikely_type}")
        return Unavailable(f"{self.provider}: the stream of {answer.model} ended before its answer did. Try again.")

    @contextmanager
    def _our_errors(self, what: str) -> Iterator[None]:
        """Turns what the SDK raises into Koderz's errors, once."""
        try:
            yield
        except ValueError as error:
            raise self._peer().garbled(what, str(error)) from self._peer().cause(error)
        except self._faults() as error:
            raise self._converted(error, what) from self._peer().cause(error)


def unlikely_type(headers: Mapping[str, str]) -> str:
    kind = headers.get("content-type", "")
    return "" if kind.startswith("text/event-stream") else kind or "an unnamed type"
