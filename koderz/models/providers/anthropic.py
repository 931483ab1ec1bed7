"""Anthropic, and servers that speak its messages API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from koderz.models.faults import Peer
from koderz.models.provider import Look, Provider
from koderz.models.providers import listing
from koderz.models.public_calls import PublicCalls

if TYPE_CHECKING:
    from koderz.models.factory import ModelFactory

VENDOR = "https://api.anthropic.com"
VERSION = "2023-06-01"


class Anthropic(Provider):
    def client(self, factory: ModelFactory) -> PublicCalls:
        from koderz.models.frontier import FrontierClient

        site = self.site
        # A server that asks for no key must be sent one all the same: the SDK insists.
        key = site.key if site.key_env else site.key or "none"
        client = FrontierClient(key, site.base_url, timeout=factory.connection.timeout)
        client.prices = factory.prices
        return client

    async def look(self, factory: ModelFactory) -> Look:
        if reason := self.site.no_key:
            return Look(reason)
        url = self.site.base_url or VENDOR
        headers = {
            "anthropic-version": VERSION,
            **({"authorization": f"Bearer {self.site.key}"} if self.site.key else {}),
        }
        key_name = "" if self.site.base_url else self.site.key_env
        peer = Peer(self.site.name, url, key_name, self.site.key)
        return await listing.look(peer, f"{url.rstrip('/')}/v1/models?limit=1000", headers)

    async def missing(self, factory: ModelFactory, model: str) -> str | None:
        return self.site.no_key
