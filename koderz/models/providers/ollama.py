"""Ollama, on this machine or another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anyio

from koderz.models.provider import REACH_TIMEOUT_S, Look, Offered, OnFetch, Provider
from koderz.models.public_calls import PublicCalls

if TYPE_CHECKING:
    from ollama import AsyncClient

    from koderz.models.factory import ModelFactory
    from koderz.models.local import OllamaClient


class Ollama(Provider):
    def client(self, factory: ModelFactory) -> PublicCalls:
        return self._client(factory, factory.connection.timeout)

    async def look(self, factory: ModelFactory) -> Look:
        import httpx
        from ollama import AsyncClient, ResponseError

        sdk = AsyncClient(self.site.base_url, timeout=REACH_TIMEOUT_S)
        try:
            with anyio.fail_after(REACH_TIMEOUT_S):
                listed = (await sdk.list()).models
        except (ConnectionError, TimeoutError, httpx.HTTPError, ResponseError, ValueError):
            return Look(f"Ollama is not running at {self.site.base_url}: start it with `ollama serve`.")
        else:
            contexts = await _contexts(sdk, [each.model for each in listed if each.model])
            models = {
                each.model: Offered(each.size, each.digest, contexts.get(each.model)) for each in listed if each.model
            }
            return Look(models=models)
        finally:
            await sdk.close()  # type: ignore[no-untyped-call]

    def absent(self, model: str, look: Look) -> str | None:
        if model in look.models or f"{model}:latest" in look.models:
            return None
        return f"Ollama does not have {model}: get it with `ollama pull {model}`."

    async def pull(self, factory: ModelFactory, model: str, on_fetch: OnFetch) -> str:
        client = self._client(factory, factory.connection.timeout)
        try:
            await client.pull(model, lambda _, done, total: on_fetch(model, done or 0, total or 1))
        finally:
            await client.aclose()
        return ""

    def _client(self, factory: ModelFactory, timeout: float) -> OllamaClient:
        from koderz.models.local import DEFAULT_HOST, OllamaClient

        return OllamaClient(self.site.base_url or DEFAULT_HOST, num_ctx=factory.connection.num_ctx, timeout=timeout)


async def _contexts(sdk: AsyncClient, names: list[str]) -> dict[str, int]:
    """What each model could take at most, in tokens, as far as the server tells within the time there is."""
    import httpx
    from ollama import ResponseError

    found: dict[str, int] = {}

    async def ask(name: str) -> None:
        try:
            about: dict[str, Any] = dict((await sdk.show(name)).modelinfo or {})
        except (ConnectionError, httpx.HTTPError, ResponseError, ValueError):
            return
        for key, value in about.items():
            if key.endswith(".context_length"):
                found[name] = value

    with anyio.move_on_after(REACH_TIMEOUT_S / 2):
        async with anyio.create_task_group() as group:
            for name in names:
                group.start_soon(ask, name)
    return found
