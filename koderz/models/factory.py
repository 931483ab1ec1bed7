"""From a model's name to the client that answers for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from koderz.core.errors import ConfigError, ModelError, UnknownModel
from koderz.models import prices, registry
from koderz.models.public_calls import PublicCalls
from koderz.models.wrappers import Redacting, Retrying
from koderz.utils import plugins

REACH_TIMEOUT_S = 2.0


@dataclass(frozen=True, slots=True)
class Connection:
    """Where the servers are and how patient to be. `timeout` is for one whole answer, in seconds."""

    openai_base_url: str | None = None
    anthropic_base_url: str | None = None
    ollama_host: str = "http://localhost:11434"
    timeout: float = 300.0
    max_retries: int = 3
    num_ctx: int = 5120


class ModelFactory:
    """One client per provider, made when first asked for; a key is needed only when the client is first used.

    Args:
        price_book: what `prices.load` takes.
        embedded: makes the client of the embedded server, so that this package need not know how it is started.
    """

    def __init__(
        self,
        anthropic_api_key: str | None = None,
        openai_api_key: str | None = None,
        *,
        connection: Connection | None = None,
        price_book: str = "current",
        embedded: Callable[[], PublicCalls] | None = None,
    ) -> None:
        self.anthropic_api_key, self.openai_api_key = anthropic_api_key, openai_api_key
        self.connection = connection or Connection()
        self.prices = prices.load(price_book)
        self.embedded = embedded
        self._clients: dict[str, Retrying] = {}

    def get_client(self, name: str) -> Retrying:
        """The client of the provider that answers for `name`, with retries and without secrets in its answers.

        Raises:
            UnknownModel: with close matches.
            ConfigError: when the embedded server was asked for and none was set up.
        """
        provider = registry.resolve(name).provider
        if provider not in self._clients:
            build = PROVIDERS.get(provider) or plugins.load("providers", {}, provider, group="koderz.models")
            secrets = [key for key in (self.anthropic_api_key, self.openai_api_key) if key]
            self._clients[provider] = Retrying(Redacting(build(self), secrets), self.connection.max_retries)
        return self._clients[provider]

    async def reachable(self, name: str) -> str | None:
        """``None`` when the model can be used now, else why not and what to do, in one sentence. Takes at most 2 s."""
        try:
            info = registry.resolve(name)
        except UnknownModel as error:
            return str(error)
        match info.provider:
            case "openai" if not (self.openai_api_key or self.connection.openai_base_url):
                return f"{name} needs a key: put OPENAI_API_KEY=... in .env."
            case "anthropic" if not self.anthropic_api_key:
                return f"{name} needs a key: put ANTHROPIC_API_KEY=... in .env."
            case "embedded" if self.embedded is None:
                return f"{name} needs the embedded server, which is not set up here."
            case "scripted":
                return _missing_script(info.name)
            case "ollama":
                return await self._missing_in_ollama(info.name)
        return None

    async def aclose(self) -> None:
        clients, self._clients = self._clients, {}
        for client in clients.values():
            await client.aclose()

    async def _missing_in_ollama(self, name: str) -> str | None:
        from koderz.models.local import OllamaClient

        client = OllamaClient(self.connection.ollama_host, timeout=REACH_TIMEOUT_S)
        try:
            installed = await client.list_models(REACH_TIMEOUT_S)
        except ModelError:
            return f"Ollama is not running at {self.connection.ollama_host}: start it with `ollama serve`."
        finally:
            await client.aclose()
        if name in installed or f"{name}:latest" in installed:
            return None
        return f"Ollama does not have {name}: get it with `ollama pull {name}`."


def _missing_script(path: str) -> str | None:
    return None if Path(path).expanduser().is_file() else f"There is no script {path}."


def _openai(factory: ModelFactory) -> PublicCalls:
    from koderz.models.openai_client import OpenAIClient

    setup = factory.connection
    client = OpenAIClient(factory.openai_api_key, setup.openai_base_url, timeout=setup.timeout)
    client.prices = factory.prices
    return client


def _anthropic(factory: ModelFactory) -> PublicCalls:
    from koderz.models.frontier import FrontierClient

    setup = factory.connection
    client = FrontierClient(factory.anthropic_api_key, setup.anthropic_base_url, timeout=setup.timeout)
    client.prices = factory.prices
    return client


def _ollama(factory: ModelFactory) -> PublicCalls:
    from koderz.models.local import OllamaClient

    setup = factory.connection
    return OllamaClient(setup.ollama_host, num_ctx=setup.num_ctx, timeout=setup.timeout)


def _embedded(factory: ModelFactory) -> PublicCalls:
    if factory.embedded is None:
        raise ConfigError(
            "The embedded server is not set up here: give ModelFactory an `embedded` that makes its client."
        )
    return factory.embedded()


def _scripted(_: ModelFactory) -> PublicCalls:
    from koderz.models.scripted import ScriptedClient

    return ScriptedClient()


# An entry point of the group `koderz.models` is a function like these.
PROVIDERS: dict[str, Callable[[ModelFactory], PublicCalls]] = {
    "anthropic": _anthropic,
    "embedded": _embedded,
    "ollama": _ollama,
    "openai": _openai,
    "scripted": _scripted,
}
