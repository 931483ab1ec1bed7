"""OpenAI, and every server that speaks its chat completions: the embedded llama.cpp server, vLLM, OpenRouter ..."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

import anyio

from koderz.core.errors import ModelError, Unavailable
from koderz.core.ports import OnText, ignore_text
from koderz.core.types import Completion, FinishReason, ModelRequest, Tier, Usage
from koderz.models import prices
from koderz.models.faults import Peer, retry_after
from koderz.models.public_calls import PublicCalls
from koderz.models.registry import describe
from koderz.models.streaming import Answer, draw_seed

if TYPE_CHECKING:
    from openai import APIError, AsyncOpenAI
    from openai.types import CompletionUsage
    from openai.types.chat import ChatCompletionChunk

_FIXED_TEMPERATURE = re.compile(r"^(o\d|gpt-([5-9]|\d\d)|codex)")
"""Reasoning models take no temperature; `-chat` ones among them are the exception."""

_FINISH: dict[str, FinishReason] = {"stop": "stop", "length": "length"}


class OpenAIClient(PublicCalls):
    """Streams chat completions. A server of one's own at `base_url` needs no key.

    Args:
        provider: who answers, where it is not OpenAI itself; `PROVIDER/` in front of a model's name is not sent.
        tier: that of every model here, where the registry can't know it.
        max_tokens: limit of an answer when a request names none.
        timeout: seconds for a whole answer.
    """

    def __init__(
        self,
        api_key: str | None = None,
        base_url: str | None = None,
        *,
        provider: str = "openai",
        tier: Tier | None = None,
        max_tokens: int = 16_384,
        timeout: float = 300.0,
    ) -> None:
        self.api_key, self.base_url = api_key, base_url
        self.provider, self.tier = provider, tier
        self.max_tokens, self.timeout = max_tokens, timeout
        self.prices = prices.load()
        self.headers: dict[str, str] = {}
        self._sdk: AsyncOpenAI | None = None

    def fresh(self) -> Self:
        other = type(self)(
            self.api_key,
            self.base_url,
            provider=self.provider,
            tier=self.tier,
            max_tokens=self.max_tokens,
            timeout=self.timeout,
        )
        other.prices, other.headers = self.prices, self.headers
        return other

    async def complete(self, request: ModelRequest, on_text: OnText = ignore_text) -> Completion:
        import httpx2
        from openai import OpenAIError

        info = describe(self.provider, request.model, self.tier)
        body = self._body(request, info.name)
        sent = {key: body[key] for key in ("temperature", "seed", "stop", self._limit) if key in body}
        answer = Answer(on_text, info.name, sent)
        peer = self._peer()
        try:
            with anyio.fail_after(self.timeout):
                await self._read(body, answer)
        except TimeoutError as error:
            raise peer.timed_out(info.name, self.timeout) from error
        except (OpenAIError, httpx2.HTTPError, ValueError) as error:
            raise self._converted(error, info.name) from peer.cause(error)
        if answer.finish is None:
            raise Unavailable(f"{self.provider}: the stream of {info.name} ended before its answer did. Try again.")
        return answer.completion(info.tier, self.prices.cost(info, answer.usage))

    async def aclose(self) -> None:
        sdk, self._sdk = self._sdk, None
        if sdk is not None:
            await sdk.close()

    @property
    def _limit(self) -> str:
        return "max_completion_tokens" if self.provider == "openai" else "max_tokens"

    def _body(self, request: ModelRequest, model: str) -> dict[str, Any]:
        wished: dict[str, Any] = {
            "model": model,
            "messages": [{"role": message.role, "content": message.content} for message in request.messages],
            self._limit: min(request.max_tokens or self.max_tokens, self.max_tokens),
            "temperature": request.temperature if _takes_temperature(model) else None,
            "seed": draw_seed(request),
            "stop": list(request.stop) or None,
        }
        return {key: value for key, value in wished.items() if value is not None}

    async def _read(self, body: dict[str, Any], answer: Answer) -> None:
        stream = await self._client().chat.completions.create(
            **body, stream=True, stream_options={"include_usage": True}
        )
        async with stream:
            async for chunk in stream:
                _take(chunk, answer)

    def _client(self) -> AsyncOpenAI:
        from openai import AsyncOpenAI

        if self._sdk is None:
            if not self.api_key and self.base_url is None:
                raise self._peer().no_key()
            # SDK-internal retries are off: retrying is the wrapper's, which records it.
            self._sdk = AsyncOpenAI(
                api_key=self.api_key or "none",
                base_url=self.base_url,
                timeout=self.timeout,
                max_retries=0,
                default_headers=self.headers,
            )
        return self._sdk

    def _peer(self) -> Peer:
        key_name = "OPENAI_API_KEY" if self.provider == "openai" else ""
        return Peer(self.provider, self.base_url or "api.openai.com", key_name, self.api_key)

    def _converted(self, error: Exception, model: str) -> ModelError:
        from openai import APIError, APIStatusError, APITimeoutError

        match error:
            case APITimeoutError():
                return self._peer().timed_out(model, self.timeout)
            case APIStatusError():
                detail = f"{error.message} {error.code or ''} {error.type or ''}"
                return self._peer().error(model, error.status_code, detail, retry_after(error.response.headers))
            case APIError() if error.body is not None:
                return self._peer().error(model, _status_in_stream(error), f"{error.message} {error.type or ''}")
            case ValueError():
                return self._peer().garbled(model, error)
        return self._peer().error(model, None, str(error))


def _takes_temperature(model: str) -> bool:
    return not _FIXED_TEMPERATURE.match(model) or "-chat" in model


def _take(chunk: ChatCompletionChunk, answer: Answer) -> None:
    answer.model = chunk.model or answer.model
    if chunk.system_fingerprint:
        answer.server["system_fingerprint"] = chunk.system_fingerprint
    extra: Mapping[str, Any] = chunk.model_extra or {}
    if "timings" in extra:  # llama.cpp's own measure, in the last chunk
        answer.server["timings"] = extra["timings"]
    if chunk.usage is not None:
        answer.usage = _usage(chunk.usage)
    for choice in chunk.choices:
        thoughts: Mapping[str, Any] = choice.delta.model_extra or {}
        answer.thought(thoughts.get("reasoning_content") or thoughts.get("reasoning"))
        answer.text(choice.delta.content)
        if choice.finish_reason:
            answer.finish = _FINISH.get(choice.finish_reason, "other")


def _usage(usage: CompletionUsage) -> Usage:
    prompt, completion = usage.prompt_tokens_details, usage.completion_tokens_details
    read = (prompt.cached_tokens or 0) if prompt else 0
    written = (prompt.cache_write_tokens or 0) if prompt else 0
    return Usage(
        input_tokens=max(0, usage.prompt_tokens - read - written),
        output_tokens=usage.completion_tokens,
        cache_read=read,
        cache_write=written,
        reasoning=(completion.reasoning_tokens or 0) if completion else 0,
    )


def _status_in_stream(error: APIError) -> int:
    """An error inside a stream came after HTTP said 200: llama.cpp tells a status as its code, others only a word."""
    return int(error.code) if error.code and error.code.isdigit() else 500
