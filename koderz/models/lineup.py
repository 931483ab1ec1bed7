"""Which models a run uses: the ones that were named, the defaults, or the embedded ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import anyio

from koderz.core.errors import ConfigError, ModelError
from koderz.models import registry
from koderz.settings import RunConfig, preset

if TYPE_CHECKING:
    from koderz.models.factory import ModelFactory

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
        factory.resolve(name)
    missing = [reason for reason in await reasons(wanted, factory) if reason]
    if not missing:
        return config, ""
    if not named and len(missing) == len(wanted):
        return config.model_copy(update=preset("embedded")), EMBEDDED_NOTICE
    raise ModelError(" ".join(missing) + " Or use the models that need neither: `--preset embedded`.")


def require_prices(models: Iterable[str], factory: ModelFactory) -> None:
    """Raises `ConfigError` for a model without a known price: a budget in dollars could not be kept."""
    for name in models:
        if not factory.is_priced(name):
            raise ConfigError(
                f"--max-usd can't be kept: the price of {name} is not known. Use --max-tokens or --max-seconds, give "
                "its price in koderz.toml or a --price-book, or add --allow-unknown-prices to limit the rest."
            )


def retirements(models: Iterable[str], factory: ModelFactory) -> list[str]:
    """A line for each model that its vendor takes away."""
    today = datetime.now(UTC).date()
    lines = [registry.retirement(factory.resolve(name).info, today) for name in sorted(set(models))]
    return [line for line in lines if line]


async def reasons(models: Sequence[str], factory: ModelFactory) -> list[str | None]:
    """Why each can't be used now, or ``None``; all are looked at together."""
    found: list[str | None] = [None] * len(models)

    async def look(index: int) -> None:
        found[index] = await factory.reachable(models[index])

    async with anyio.create_task_group() as group:
        for index in range(len(models)):
            group.start_soon(look, index)
    return found
