"""Anthropic's messages API."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any, Self

import anyio

from koderz.core.errors import ModelError, Unavailable
from koderz.core.ports import OnText, ignore_text
from koderz.core.types import Completion, FinishReason, ModelRequest, Usage
from koderz.models import prices
from koderz.models.faults import Peer, retry_after
from koderz.models.public_calls import PublicCalls
from koderz.models.registry import describe
from koderz.models.streaming import Answer

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic
    from anthropic.lib.streaming import AsyncMessageStreamManager
    from anthropic.types import MessageDeltaUsage
    from anthropic.types import Usage as SdkUsage

_FIXED_TEMPERATURE = re.compile(r"^claude-[a-z]+-(4-[7-9]|[5-9]|preview)(?!\d)")
"""Opus 4.7 and everything after it refuses sampling parameters."""
_WITH_TEMPERATURE = "2023-06-01"
"""The last version of the API that takes them at all; the SDK sends a later one and has no argument for them."""

_FINISH: dict[str, FinishReason] = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
}
_STATUS_IN_STREAM = {"overloaded_error": 503, "rate_limit_error": 429, "timeout_error": 408}


class FrontierClient(PublicCalls):
    """Streams messages. The API takes no seed.

    Args:
        max_tokens: limit of an answer when a request names none.
        timeout: seconds for a whole answer.
    """

    provider = "anthropic"

    def __init__(
        self,
        api_key: str | None = None,
        base_url: str | None = None,
        *,
        max_tokens: int = 16_384,
        timeout: float = 300.0,
    ) -> None:
        self.api_key, self.base_url = api_key, base_url
        self.max_tokens, self.timeout = max_tokens, timeout
        self.prices = prices.load()
        self._sdk: AsyncAnthropic | None = None

    def fresh(self) -> Self:
        other = type(self)(self.api_key, self.base_url, max_tokens=self.max_tokens, timeout=self.timeout)
        other.prices = self.prices
        return other

    async def complete(self, request: ModelRequest, on_text: OnText = ignore_text) -> Completion:
        import httpx2
        from anthropic import AnthropicError

        info = describe(self.provider, request.model)
        sent: dict[str, Any] = {"max_tokens": min(request.max_tokens or self.max_tokens, self.max_tokens)}
        if request.temperature is not None and not _FIXED_TEMPERATURE.match(info.name):
            sent["temperature"] = request.temperature
        if request.stop:
            sent["stop_sequences"] = list(request.stop)
        answer = Answer(on_text, info.name, sent)
        peer = self._peer()
        try:
            with anyio.fail_after(self.timeout):
                await self._read(request, info.name, answer)
        except TimeoutError as error:
            raise peer.timed_out(info.name, self.timeout) from error
        except (AnthropicError, httpx2.HTTPError, ValueError) as error:
            raise self._converted(error, info.name) from peer.cause(error)
        if answer.finish is None:
            raise Unavailable(f"{self.provider}: the stream of {info.name} ended before its answer did. Try again.")
        return answer.completion(info.tier, self.prices.cost(info, answer.usage))

    async def aclose(self) -> None:
        sdk, self._sdk = self._sdk, None
        if sdk is not None:
            await sdk.close()

    async def _read(self, request: ModelRequest, model: str, answer: Answer) -> None:
        async with self._stream(request, model, answer) as stream:
            async for event in stream:
                match event.type:
                    case "message_start":
                        answer.model = event.message.model
                        answer.usage = _usage(event.message.usage, None)
                    case "text":
                        answer.text(event.text)
                    case "thinking":
                        answer.thought(event.thinking)
                    case "message_delta":
                        answer.usage = _usage(event.usage, answer.usage)
                        if event.delta.stop_reason:
                            answer.finish = _FINISH.get(event.delta.stop_reason, "other")

    def _stream(self, request: ModelRequest, model: str, answer: Answer) -> AsyncMessageStreamManager[Any]:
        body: dict[str, Any] = {
            "model": model,
            "messages": [{"role": m.role, "content": m.content} for m in request.messages if m.role != "system"],
            **answer.sent,
        }
        if system := "\n\n".join(message.content for message in request.messages if message.role == "system"):
            body["system"] = system
        if "temperature" in body:
            body["extra_body"] = {"temperature": body.pop("temperature")}
            body["extra_headers"] = {"anthropic-version": _WITH_TEMPERATURE}
        with warnings.catch_warnings(record=True) as said:  # that a model is about to be retired is kept, not printed
            warnings.simplefilter("always")
            manager: AsyncMessageStreamManager[Any] = self._client().messages.stream(**body)
        if said:
            answer.server["notice"] = " ".join(str(said[0].message).split())
        return manager

    def _client(self) -> AsyncAnthropic:
        from anthropic import AsyncAnthropic

        if self._sdk is None:
            if not self.api_key:
                raise self._peer().no_key()
            # SDK-internal retries are off: retrying is the wrapper's, which records it.
            self._sdk = AsyncAnthropic(
                api_key=self.api_key, base_url=self.base_url, timeout=self.timeout, max_retries=0
            )
        return self._sdk

    def _peer(self) -> Peer:
        return Peer(self.provider, self.base_url or "api.anthropic.com", "ANTHROPIC_API_KEY", self.api_key)

    def _converted(self, error: Exception, model: str) -> ModelError:
        from anthropic import APIStatusError, APITimeoutError

        match error:
            case APITimeoutError():
                return self._peer().timed_out(model, self.timeout)
            case APIStatusError():
                status = error.status_code
                if status < 400:  # the error came inside a stream, after HTTP had said 200
                    status = _STATUS_IN_STREAM.get(error.type or "", 500)
                return self._peer().error(model, status, error.message, retry_after(error.response.headers))
            case ValueError():
                return self._peer().garbled(model, error)
        return self._peer().error(model, None, str(error))


def _usage(told: SdkUsage | MessageDeltaUsage | None, before: Usage | None) -> Usage | None:
    """The counts are cumulative; a message's end may repeat those of its start or leave them out.

    Anthropic's `input_tokens` already exclude what was read from or written to a cache.
    """
    if told is None:
        return before
    start = before or Usage()
    thinking = told.output_tokens_details
    kept = getattr(told, "cache_creation", None)  # only a message's start tells it
    return Usage(
        input_tokens=start.input_tokens if told.input_tokens is None else told.input_tokens,
        output_tokens=told.output_tokens,
        cache_read=start.cache_read if told.cache_read_input_tokens is None else told.cache_read_input_tokens,
        cache_write=start.cache_write if told.cache_creation_input_tokens is None else told.cache_creation_input_tokens,
        reasoning=(thinking.thinking_tokens or 0) if thinking else start.reasoning,
        cache_write_1h=kept.ephemeral_1h_input_tokens if kept else start.cache_write_1h,
    )
