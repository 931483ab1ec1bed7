"""A small server that speaks what Ollama, OpenAI and Anthropic document, so that real SDKs can be tested against it.

    with WireServer([Reply("Hello."), Reply(status=429, headers={"retry-after": "7"})]) as server:
        client = OpenAIClient("a key", f"{server.url}/v1")

Replies are given in the order of the calls, the last one repeats; `server.requests` is what was asked. It listens on
a free loopback port, in a thread of its own. Formats: Ollama docs/api.md, OpenAI chat completions (server-sent
events, usage in the last chunk), Anthropic messages (server-sent events).
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import anyio
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from koderz.core.types import FinishReason, Usage

Pieces = Iterable[str]
A_FEW = Usage(12, 7)


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of the server.

    `error` is the message of a `status` of 400 or more; `{authorization}` in it is replaced by the key that was sent.
    `body` is sent as it is, in place of what the format asks for. `hang` stops after the first half and waits until the
    client goes away; `cut` ends the stream there. `extra` is added to the last chunk.
    """

    text: str = ""
    usage: Usage | None = A_FEW
    thinking: str = ""
    finish: FinishReason = "stop"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    error: str = ""
    body: str | None = None
    hang: bool = False
    cut: bool = False
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def pieces(self) -> list[str]:
        return [self.text[start : start + 5] for start in range(0, len(self.text), 5)]


@dataclass(frozen=True, slots=True)
class Received:
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class WireServer:
    """`installed` are the models that Ollama's list shows, name to digest; `gone` is set when a client has left a
    reply that hangs."""

    def __init__(self, replies: Sequence[Reply] = (Reply("Hello."),), installed: dict[str, str] | None = None) -> None:
        self.replies = list(replies)
        self.installed = installed or {"qwen2.5-coder:32b": "sha256:4bd6"}
        self.requests: list[Received] = []
        self.gone = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(
            self._app(), log_level="critical", lifespan="off", ws="none", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    @property
    def asked(self) -> list[Received]:
        """The requests for an answer, without those for lists."""
        return [request for request in self.requests if request.path in _FORMATS]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    def _app(self) -> Starlette:
        posts = [*_FORMATS, "/api/show", "/api/pull"]
        gets = ["/api/tags", "/api/version", "/v1/models"]
        return Starlette(
            routes=[
                *(Route(path, self._answer, methods=["POST"]) for path in posts),
                *(Route(path, self._answer, methods=["GET"]) for path in gets),
            ]
        )

    async def _answer(self, request: Request) -> Response:
        raw = await request.body()
        received = Received(request.url.path, dict(request.headers), json.loads(raw) if raw else {})
        self.requests.append(received)
        if received.path not in _FORMATS:
            return self._listing(received)
        reply = _not_permitted(received) or self.replies[min(len(self.asked), len(self.replies)) - 1]
        if reply.status >= 400:
            return _refusal(reply, received)
        kind = "application/x-ndjson" if received.path == "/api/chat" else "text/event-stream"
        return StreamingResponse(self._stream(reply, received), media_type=kind, headers=reply.headers)

    async def _stream(self, reply: Reply, received: Received) -> AsyncIterator[str]:
        if reply.body is not None:
            yield reply.body
            return
        pieces = list(_FORMATS[received.path](reply, received.body["model"]))
        half = len(pieces) // 2
        for piece in pieces[: half if reply.hang or reply.cut else None]:
            yield piece
        if reply.hang:
            try:
                await anyio.sleep_forever()
            finally:
                self.gone.set()

    def _listing(self, received: Received) -> Response:
        match received.path:
            case "/api/version":
                return JSONResponse({"version": "0.12.0"})
            case "/v1/models":
                return JSONResponse(
                    {"object": "list", "data": [{"id": name, "object": "model"} for name in self.installed]}
                )
            case "/api/tags":
                models = [{"name": name, "model": name, "digest": digest} for name, digest in self.installed.items()]
                return JSONResponse({"models": models})
            case "/api/show":
                return JSONResponse({"details": {"family": "test"}, "model_info": {"general.architecture": "test"}})
        return self._pulled(received.body["model"])

    def _pulled(self, name: str) -> Response:
        self.installed[name] = f"sha256:{len(self.installed)}"
        layer: dict[str, Any] = {"status": "pulling 6a0746a1ec1a", "digest": "sha256:6a0746a1ec1a", "total": 100}
        parts: list[dict[str, Any]] = [
            {"status": "pulling manifest"},
            {**layer, "completed": 40},
            {**layer, "completed": 100},
        ]
        return Response("".join(_line(part) for part in [*parts, {"status": "success"}]))


def _not_permitted(received: Received) -> Reply | None:
    """Since its version of October 2026 Anthropic's API refuses sampling parameters, even at their defaults."""
    old = received.headers.get("anthropic-version", "") <= "2023-06-01"
    if received.path != "/v1/messages" or old or "temperature" not in received.body:
        return None
    return Reply(status=400, error="temperature: Extra inputs are not permitted")


def _refusal(reply: Reply, received: Received) -> Response:
    key = received.headers.get("authorization") or received.headers.get("x-api-key", "")
    message = reply.error.replace("{authorization}", key)
    if reply.body is not None:
        return Response(reply.body, reply.status, reply.headers)
    if received.path == "/api/chat":
        return JSONResponse({"error": message}, reply.status, reply.headers)
    return JSONResponse({"type": "error", "error": {"type": "test", "message": message}}, reply.status, reply.headers)


def _ollama(reply: Reply, model: str) -> Pieces:
    base = {"model": model, "created_at": "2026-01-01T00:00:00Z"}
    if reply.thinking:
        message = {"role": "assistant", "content": "", "thinking": reply.thinking}
        yield _line({**base, "message": message, "done": False})
    for piece in reply.pieces:
        yield _line({**base, "message": {"role": "assistant", "content": piece}, "done": False})
    end: dict[str, Any] = {**base, "message": {"role": "assistant", "content": ""}, "done": True}
    end |= {"done_reason": reply.finish, "total_duration": 900, "load_duration": 100, "eval_duration": 500}
    if reply.usage:
        end |= {"prompt_eval_count": reply.usage.input_tokens, "eval_count": reply.usage.output_tokens}
    yield _line({**end, **reply.extra})


def _openai(reply: Reply, model: str) -> Pieces:
    base = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": model}

    def chunk(delta: dict[str, str], finish: str | None = None) -> str:
        return _event({**base, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

    yield chunk({"role": "assistant", "content": ""})
    if reply.thinking:
        yield chunk({"reasoning_content": reply.thinking})
    for piece in reply.pieces:
        yield chunk({"content": piece})
    yield chunk({}, reply.finish if reply.finish != "other" else "content_filter")
    if reply.usage or reply.extra:
        yield _event({**base, "choices": [], "usage": _openai_usage(reply.usage), **reply.extra})
    yield "data: [DONE]\n\n"


def _openai_usage(usage: Usage | None) -> dict[str, Any] | None:
    if usage is None:
        return None
    prompt = usage.input_tokens + usage.cache_read + usage.cache_write
    return {
        "prompt_tokens": prompt,
        "completion_tokens": usage.output_tokens,
        "total_tokens": prompt + usage.output_tokens,
        "prompt_tokens_details": {"cached_tokens": usage.cache_read, "cache_write_tokens": usage.cache_write},
        "completion_tokens_details": {"reasoning_tokens": usage.reasoning},
    }


def _anthropic(reply: Reply, model: str) -> Pieces:
    used = reply.usage or Usage()
    cached = {"cache_read_input_tokens": used.cache_read, "cache_creation_input_tokens": used.cache_write}
    start: dict[str, Any] = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [],
        "stop_reason": None,
    }
    usage = {"input_tokens": used.input_tokens, "output_tokens": 1, **cached}
    yield _typed("message_start", message={**start, "stop_sequence": None, "usage": usage})
    yield _typed("ping")
    if reply.thinking:
        yield from _block(0, {"type": "thinking", "thinking": "", "signature": ""}, "thinking", [reply.thinking])
    yield from _block(1 if reply.thinking else 0, {"type": "text", "text": ""}, "text", reply.pieces)
    stop = {"stop": "end_turn", "length": "max_tokens", "other": "refusal"}[reply.finish]
    ended: dict[str, Any] = {"output_tokens": used.output_tokens}
    if used.reasoning:
        ended["output_tokens_details"] = {"thinking_tokens": used.reasoning}
    yield _typed("message_delta", delta={"stop_reason": stop, "stop_sequence": None}, usage=ended)
    yield _typed("message_stop")


def _block(index: int, block: dict[str, str], kind: str, pieces: Sequence[str]) -> Pieces:
    yield _typed("content_block_start", index=index, content_block=block)
    for piece in pieces:
        yield _typed("content_block_delta", index=index, delta={"type": f"{kind}_delta", kind: piece})
    yield _typed("content_block_stop", index=index)


def _typed(kind: str, **fields: Any) -> str:
    return f"event: {kind}\n{_event({'type': kind, **fields})}"


def _event(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data)}\n\n"


def _line(data: dict[str, Any]) -> str:
    return json.dumps(data) + "\n"


_FORMATS: dict[str, Callable[[Reply, str], Pieces]] = {
    "/api/chat": _ollama,
    "/v1/chat/completions": _openai,
    "/v1/messages": _anthropic,
}
