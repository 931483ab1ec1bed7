"""The list of models that OpenAI, Anthropic and servers like them keep at `/models`: is it there, is the key right?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import anyio

from koderz.core.errors import ModelError, Timeout
from koderz.models.faults import Peer
from koderz.models.parsing import count, rows, table, words
from koderz.models.provider import REACH_TIMEOUT_S, Look, Offered

NO_LIST = (404, 405, 501)
"""A server that keeps no list is there all the same."""


async def look(peer: Peer, url: str, headers: Mapping[str, str]) -> Look:
    """Within `REACH_TIMEOUT_S`."""
    try:
        return Look(models=await listed(peer, url, headers))
    except ModelError as error:
        return Look(str(error))


async def listed(peer: Peer, url: str, headers: Mapping[str, str]) -> dict[str, Offered]:
    """Raises `ModelError`: refused, unreachable, or slow."""
    import httpx2

    try:
        with anyio.fail_after(REACH_TIMEOUT_S):
            async with httpx2.AsyncClient() as client:
                response = await client.get(url, headers=dict(headers))
    except (TimeoutError, httpx2.TimeoutException) as error:
        raise Timeout(f"{peer.provider}: {peer.where} did not answer within {REACH_TIMEOUT_S:g} s.") from error
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        raise peer.error("its list of models", None, str(error)) from peer.cause(error)
    if response.status_code in NO_LIST:
        return {}
    if response.status_code >= 400:
        raise peer.error("its list of models", response.status_code, "")
    try:
        return _models(response.json())
    except ValueError as error:
        raise peer.garbled("its list of models", str(error)) from None


def _models(document: Any) -> dict[str, Offered]:
    named = [(words(row.get("id")), row) for row in rows(table(document).get("data"))]
    return {name: Offered(context=_context(row)) for name, row in named if name}


def _context(row: Mapping[str, Any]) -> int | None:
    """As vLLM, OpenRouter, LM Studio and Anthropic name it."""
    keys = ("max_model_len", "context_length", "max_context_length", "max_input_tokens")
    return next((told for key in keys if (told := count(row.get(key)))), None)
