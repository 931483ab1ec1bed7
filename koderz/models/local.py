"""Models on this machine or another one's, served by Ollama."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import anyio

from koderz.core.errors import ModelError
from koderz.core.types import Completion, FinishReason, ModelRequest, Usage
from koderz.models.context import prompt_tokens
from koderz.models.faults import Peer, retry_after
from koderz.models.parsing import count
from koderz.models.registry import ModelInfo
from koderz.models.served import CONNECT_S, ServedModel
from koderz.models.streaming import Answer, draw_seed

if TYPE_CHECKING:
    from ollama import AsyncClient, ChatResponse

DEFAULT_HOST = "http://localhost:11434"
LIST_TIMEOUT_S = 30.0
OnProgress = Callable[[str, int | None, int | None], None]
"""Told the status, bytes done and bytes in all; both are None where the server tells none."""

_FINISH: dict[str, FinishReason] = {"stop": "stop", "length": "length"}
_MEASURES = ("total_duration", "load_duration", "prompt_eval_duration", "eval_duration")
_SURELY_FEWER = 0.75


class OllamaClient(ServedModel):
    """Streams `/api/chat`.

    Args:
        num_ctx: tokens of context that the server is asked to keep; what does not fit it drops without a word.
        num_predict: limit of an answer when a request names none.
        keep_alive: how long the model stays loaded after an answer.
        timeout: seconds for a whole answer.
    """

    provider = "ollama"

    def __init__(
        self,
        host: str = DEFAULT_HOST,
        *,
        num_ctx: int = 5120,
        num_predict: int = 4096,
        keep_alive: str = "30m",
        timeout: float = 300.0,
    ) -> None:
        super().__init__()
        self.host, self.num_ctx, self.max_tokens = host, num_ctx, num_predict
        self.keep_alive, self.timeout = keep_alive, timeout
        self._digests: dict[str, str] = {}

    async def list_models(self, timeout: float = LIST_TIMEOUT_S) -> dict[str, str]:
        """Installed models, name to digest of the weights."""
        installed: dict[str, str] = await self._guarded("the list of models", timeout, self._tags)
        return installed

    async def pull(self, name: str, on_progress: OnProgress = lambda _status, _done, _total: None) -> None:
        """Fetches a model. There is no limit of time while bytes arrive."""
        await self._guarded(name, None, self._pull, name, on_progress)

    def _sampling(self, request: ModelRequest, model: str) -> dict[str, Any]:
        wished = {
            "temperature": request.temperature,
            "top_p": 0.9,
            "num_predict": min(request.max_tokens or self.max_tokens, self.max_tokens),
            "num_ctx": self.num_ctx,
            "seed": draw_seed(request),
            "stop": list(request.stop) or None,
        }
        return {key: value for key, value in wished.items() if value is not None}

    async def _chunks(self, request: ModelRequest, answer: Answer) -> AsyncGenerator[Any]:
        messages = [{"role": message.role, "content": message.content} for message in request.messages]
        stream = await self._client().chat(
            answer.model, messages, stream=True, options=answer.sent, keep_alive=self.keep_alive
        )
        async with aclosing(cast("AsyncGenerator[ChatResponse]", stream)):
            try:
                async for part in stream:
                    yield part
            except (AttributeError, TypeError) as error:  # the SDK takes each line for an object with fields
                raise ValueError(str(error)) from error

    def _take(self, chunk: ChatResponse, answer: Answer) -> None:
        answer.thought(chunk.message.thinking)
        answer.text(chunk.message.content)
        if not chunk.done:
            return
        answer.model = chunk.model or answer.model
        answer.end(chunk.done_reason or "stop", _FINISH)
        answer.server |= {key: chunk[key] for key in _MEASURES if chunk.get(key) is not None}
        read, written = count(chunk.prompt_eval_count), count(chunk.eval_count)
        answer.usage = None if read is None or written is None else Usage(read, written)

    async def _finished(self, answer: Answer, request: ModelRequest, info: ModelInfo) -> Completion:
        counted = answer.usage.input_tokens if answer.usage else None
        cut = truncated(prompt_tokens(request), counted, self.num_ctx)
        completion = answer.completion(info.tier, Decimal(0), cut)
        digest = await self._digest(info.name)
        return replace(completion, server={**completion.server, "digest": digest}) if digest else completion

    async def _tags(self) -> dict[str, str]:
        listed = await self._client().list()
        return {model.model: model.digest or "" for model in listed.models if model.model}

    async def _pull(self, name: str, on_progress: OnProgress) -> None:
        async for part in await self._client().pull(name, stream=True):
            on_progress(part.status or "", part.completed, part.total)

    async def _digest(self, model: str) -> str | None:
        """Of the weights that answered. Asked once per model; not knowing it is no reason to lose an answer."""
        name = model if ":" in model else f"{model}:latest"
        if name not in self._digests:
            try:
                self._digests = await self.list_models()
            except ModelError:
                return None
        return self._digests.get(name)

    async def _guarded(self, what: str, seconds: float | None, work: Callable[..., Any], *args: Any) -> Any:
        """Runs `work`, for at most so many seconds, and turns what the SDK raises into Koderz's errors."""
        with self._our_errors(what), anyio.move_on_after(seconds):
            return await work(*args)
        raise self._peer().timed_out(what, seconds or self.timeout)

    def _peer(self) -> Peer:
        return Peer(self.provider, self.host)

    def _faults(self) -> tuple[type[Exception], ...]:
        import httpx
        from ollama import ResponseError

        return ResponseError, ConnectionError, httpx.HTTPError

    def _converted(self, error: Exception, what: str) -> ModelError:
        from ollama import ResponseError

        match error:
            case ResponseError():
                # Inside a stream the SDK knows no status; the response itself hangs on the exception's context.
                response = getattr(error.__context__, "response", None)
                wait = retry_after(response.headers) if response is not None else None
                return self._peer().error(what, max(error.status_code, 400), str(error.error), wait)
            case ConnectionError():
                return self._peer().error(what, None, "")
        return self._broken(error, what)

    def _client(self) -> AsyncClient:
        import httpx
        from ollama import AsyncClient

        if self._sdk is None:
            patience = httpx.Timeout(self.timeout, connect=min(self.timeout, CONNECT_S))
            self._sdk = AsyncClient(self.host, timeout=patience, limits=httpx.Limits())
        sdk: AsyncClient = self._sdk
        return sdk


def truncated(estimated: int, counted: int | None, num_ctx: int) -> bool | None:
    """Whether the server dropped a part of the prompt, which it does not tell; ``None`` when it can't be known.

    It did when the context was filled to the brim, or when far fewer tokens were read than a prompt that is
    longer than the context must have.
    """
    if counted is None:
        return None if estimated > num_ctx else False
    return counted >= num_ctx or (estimated > num_ctx and counted < _SURELY_FEWER * estimated)
