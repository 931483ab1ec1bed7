"""OpenAI, and servers that speak its chat completions: vLLM, llama.cpp, LM Studio, OpenRouter, a gateway ..."""

from __future__ import annotations

from typing import TYPE_CHECKING

from koderz.core.errors import ModelError, Timeout
from koderz.models.faults import Peer
from koderz.models.provider import Look, Provider
from koderz.models.providers import listing
from koderz.models.public_calls import PublicCalls

if TYPE_CHECKING:
    from koderz.models.factory import ModelFactory

VENDOR = "https://api.openai.com/v1"


class OpenAI(Provider):
    def client(self, factory: ModelFactory) -> PublicCalls:
        from koderz.models.openai_client import OpenAIClient

        site = self.site
        client = OpenAIClient(site.key, site.base_url, provider=site.name, timeout=factory.connection.timeout)
        client.prices = factory.prices
        return client

    async def look(self, factory: ModelFactory) -> Look:
        if reason := self.site.no_key:
            return Look(reason)
        return await listing.look(*self._asked())

    async def missing(self, factory: ModelFactory, model: str) -> str | None:
        """The vendor is taken to be there; a server of one's own is asked, and a slow answer is one."""
        if self.site.base_url is None or self.site.no_key:
            return self.site.no_key
        try:
            await listing.listed(*self._asked())
        except Timeout:
            return None
        except ModelError as error:
            return str(error)
        return None

    def _asked(self) -> tuple[Peer, str, dict[str, str]]:
        url = self.site.base_url or VENDOR
        headers = {"authorization": f"Bearer {self.site.key}"} if self.site.key else {}
        key_name = "" if self.site.base_url else self.site.key_env
        return Peer(self.site.name, url, key_name, self.site.key), f"{url.rstrip('/')}/models", headers
