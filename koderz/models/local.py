"""Models on this machine or another one's, served by Ollama."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

import anyio

from koderz.core.errors import ModelError, Unavailable
from koderz.core.ports import OnText, ignore_text
from koderz.core.types import Completion, FinishReason, ModelRequest, Usage
from koderz.models.context import prompt_tokens
from koderz.models.faults import Peer, retry_after
from koderz.models.public_calls import PublicCalls
from koderz.models.registry import describe
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


class OllamaClient(PublicCalls):
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
        self.host, self.num_ctx, self.num_predict = host, num_ctx, num_predict
        self.keep_alive, self.timeout = keep_alive, timeout
        self._sdk: AsyncClient | None = None
        self._digests: dict[str, str] = {}

    def fresh(self) -> Self:
        return type(self)(
            self.host,
            num_ctx=self.num_ctx,
            num_predict=self.num_predict,
            keep_alive=self.keep_alive,
            timeout=self.timeout,
        )

    async def complete(self, request: ModelRequest, on_text: OnText = ignore_text) -> Completion:
        info = describe(self.provider, request.model)
        answer = Answer(on_text, info.name, self._options(request))
        await self._guarded(info.name, self.timeout, self._read, request, answer)
        if answer.finish is None:
            raise Unavailable(f"ollama: the stream of {info.name} ended before its answer did. Try again.")
        if digest := await self._digest(info.name):
            answer.server["digest"] = digest
        counted = answer.usage.input_tokens if answer.usage else None
        return answer.completion(info.tier, Decimal(0), truncated(prompt_tokens(request), counted, self.num_ctx))

    async def list_models(self, timeout: float = LIST_TIMEOUT_S) -> dict[str, str]:
        """Installed models, name to digest of the weights."""
        installed: dict[str, str] = await self._guarded("the list of models", timeout, self._tags)
        return installed

    async def pull(self, name: str, on_progress: OnProgress = lambda _status, _done, _total: None) -> None:
        """Fetches a model. There is no limit of time while bytes arrive."""
        await self._guarded(name, None, self._pull, name, on_progress)

    async def aclose(self) -> None:
        sdk, self._sdk = self._sdk, None
        if sdk is not None:
            await sdk.close()  # type: ignore[no-untyped-call]

    def _options(self, request: ModelRequest) -> dict[str, Any]:
        wished = {
            "temperature": request.temperature,
            "top_p": 0.9,
            "num_predict": min(request.max_tokens or self.num_predict, self.num_predict),
            "num_ctx": self.num_ctx,
            "seed": draw_seed(request),
            "stop": list(request.stop) or None,
        }
        return {key: value for key, value in wished.items() if value is not None}

    async def _read(self, request: ModelRequest, answer: Answer) -> None:
        messages = [{"role": message.role, "content": message.content} for message in request.messages]
        stream = await self._client().chat(
            answer.model, messages, stream=True, options=answer.sent, keep_alive=self.keep_alive
        )
        async for part in stream:
            _take(part, answer)

    async def _tags(self) -> dict[str, str]:
        listed = await self._client().list()
        return {model.model: model.digest or "" for model in listed.models if model.model}

    async def _pull(self, name: str, on_progress: OnProgress) -> None:
        async for part in await self._client().pull(name, stream=True):
            on_progress(part.status or "", part.completed, part.total)

    async def _digest(self, model: str) -> str | None:
        """Of the weights that answered. Asked once per model; not knowing it is no reason to lose an answer."""
        if model not in self._digests:
            try:
                self._digests = await self.list_models()
            except ModelError:
                return None
        return self._digests.get(model) or self._digests.get(f"{model}:latest")

    async def _guarded(self, what: str, seconds: float | None, work: Callable[..., Any], *args: Any) -> Any:
        """Runs `work`, for at most so many seconds, and turns what the SDK raises into Koderz's errors."""
        import httpx
        from ollama import ResponseError

        peer = Peer(self.provider, self.host)
        try:
            with anyio.fail_after(seconds):
                return await work(*args)
        except (TimeoutError, httpx.TimeoutException) as error:
            raise peer.timed_out(what, seconds or self.timeout) from error
        except ResponseError as error:
            # Inside a stream the SDK knows no status; the response itself hangs on the exception's context.
            response = getattr(error.__context__, "response", None)
            wait = retry_after(response.headers) if response is not None else None
            raise peer.error(what, max(error.status_code, 400), str(error.error), wait) from peer.cause(error)
        except ValueError as error:
            raise peer.garbled(what, error) from peer.cause(error)
        except (ConnectionError, httpx.HTTPError) as error:
            raise peer.error(what, None, "" if isinstance(error, ConnectionError) else str(error)) from error

    def _client(self) -> AsyncClient:
        from ollama import AsyncClient

        if self._sdk is None:
            self._sdk = AsyncClient(self.host, timeout=self.timeout)
        return self._sdk


def truncated(estimated: int, counted: int | None, num_ctx: int) -> bool | None:
    """Whether the server dropped a part of the prompt, which it does not tell; ``None`` when it can't be known.

    It did when the context was filled to the brim, or when far fewer tokens were read than a prompt that is
    longer than the context must have.
    """
    if counted is None:
        return None if estimated > num_ctx else False
    return counted >= num_ctx or (estimated > num_ctx and counted < _SURELY_FEWER * estimated)


def _take(part: ChatResponse, answer: Answer) -> None:
    answer.thought(part.message.thinking)
    answer.text(part.message.content)
    if not part.done:
        return
    answer.model = part.model or answer.model
    answer.finish = _FINISH.get(part.done_reason or "stop", "other")
    answer.server |= {key: part[key] for key in _MEASURES if part.get(key) is not None}
    if part.prompt_eval_count is not None and part.eval_count is not None:
        answer.usage = Usage(part.prompt_eval_count, part.eval_count)
