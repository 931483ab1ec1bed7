"""Which models a run uses: the ones that were named, the defaults, or the embedded ones."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from koderz.core.errors import ConfigError, ModelError
from koderz.core.types import Usage
from koderz.models import registry
from koderz.settings import RunConfig, preset

if TYPE_CHECKING:
    from koderz.models.embedded import OnFetch
    from koderz.models.factory import ModelFactory

REACH_TIMEOUT_S = 2.0
EMBEDDED_NOTICE = (
    "No Ollama and no key found: using the embedded models. For the default line-up start Ollama, type "
    "`ollama pull codellama:70b` and `ollama pull gpt-oss:20b`, and put ANTHROPIC_API_KEY=... into .env."
)


async def choose(
    config: RunConfig, models: Iterable[str], factory: ModelFactory, *, named: bool
) -> tuple[RunConfig, str]:
    """The configuration with models that can be reached, and a notice (empty: none).

    Only where no model was named and none of the defaults can be reached, the embedded ones take their place.
    Raises `ModelError` for a model that can't be reached, `UnknownModel` for one that is not known.
    """
    wanted = sorted(set(models))
    for name in wanted:
        registry.resolve(name)
    reasons = {name: await factory.reachable(name) for name in wanted}
    missing = [reason for reason in reasons.values() if reason]
    if not missing:
        return config, ""
    if not named and len(missing) == len(wanted):
        return config.model_copy(update=preset("embedded")), EMBEDDED_NOTICE
    raise ModelError(" ".join(missing) + " Or use the models that need neither: `--preset embedded`.")


def require_prices(models: Iterable[str], factory: ModelFactory) -> None:
    """Raises `ConfigError` for a model without a known price: a budget in dollars could not be kept."""
    for name in models:
        if factory.prices.cost(registry.resolve(name), Usage(1, 1)) is None:
            raise ConfigError(
                f"--max-usd can't be kept: the price of {name} is not known. Use --max-tokens or --max-seconds, "
                "or take a model with a known price (`koderz models list`)."
            )


def money_per_million(entry: dict[str, object]) -> str:
    """Input and output price of a price book entry, as people write it; `?` where unknown."""
    prices = entry.get("input_mtok"), entry.get("output_mtok")
    return " / ".join("?" if price is None else _dollars(price) for price in prices)


def _dollars(price: object) -> str:
    if isinstance(price, dict):
        return f"{_dollars(price['base'])}+"
    return f"{Decimal(str(price)).normalize():f}"


async def known(factory: ModelFactory) -> list[dict[str, Any]]:
    """A row per model: name, tier, context in tokens, price, its source, and why it can't be used now (or None)."""
    local = [f"embedded/{name}" for name in registry.EMBEDDED]
    names = dict.fromkeys([*local, *registry.KNOWN, *(f"ollama/{name}" for name in await _installed(factory))])
    rows = []
    for name in names:
        info = registry.resolve(name)
        entry = factory.prices.entry(info)
        rows.append(
            {
                "name": name,
                "tier": info.tier,
                "context": info.context,
                "price": "none" if info.tier == "local" else money_per_million(entry),
                "price_source": "" if info.tier == "local" else f"{entry['source']} {entry['date']}",
                "problem": await factory.reachable(name),
            }
        )
    return rows


async def _installed(factory: ModelFactory) -> list[str]:
    """What Ollama has beyond the registry; nothing when it is not running."""
    from koderz.models.local import OllamaClient

    client = OllamaClient(factory.connection.ollama_host)
    try:
        return [name for name in await client.list_models(REACH_TIMEOUT_S) if name not in registry.KNOWN]
    except ModelError:
        return []
    finally:
        await client.aclose()


async def pull(name: str, factory: ModelFactory, weights_dir: Path, on_fetch: OnFetch) -> str:
    """Fetches the model; returns the file it is in, where that is ours to know."""
    info = registry.resolve(name)
    if info.provider == "embedded":
        from koderz.models import embedded

        return str(await embedded.pull(name, weights_dir, on_fetch))
    if info.provider == "ollama":
        from koderz.models.local import OllamaClient

        client = OllamaClient(factory.connection.ollama_host)
        try:
            await client.pull(info.name, lambda _, done, total: on_fetch(name, done or 0, total or 1))
        finally:
            await client.aclose()
        return ""
    raise ConfigError(f"{name} runs at {info.provider}: there is nothing to fetch. It needs a key (`koderz doctor`).")
