"""What tokens cost: the dated price data of genai-prices, the historical table, or a user's own file.

A price book file is TOML: `source`, `date`, and a table per model with US dollars per million tokens:

    source = "our contract"
    date = "2026-11-01"
    [models."claude-opus-4-5"]
    input_mtok = 15
    output_mtok = 75
    cache_read_mtok = 1.5   # optional; without it cached tokens cost what input costs
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from koderz.core.errors import ConfigError
from koderz.core.types import ModelInfo, Usage

if TYPE_CHECKING:
    from genai_prices import types

PRICE_KEYS = ("input_mtok", "output_mtok", "cache_read_mtok", "cache_write_mtok")


@dataclass(frozen=True, slots=True)
class PriceBook:
    """`date` is that of the prices, or the version of the data where it has no date."""

    source: str
    date: str
    find: Callable[[ModelInfo], types.ModelPrice | None]

    def cost(self, info: ModelInfo, usage: Usage | None) -> Decimal | None:
        """US dollars; 0 for a local model, which has no price per token; ``None`` when price or usage is unknown."""
        if info.tier == "local":
            return Decimal(0)
        price = self.find(info)
        if usage is None or price is None:
            return None
        total: Decimal = price.calc_price(_counted(usage))["total_price"]
        return total

    def entry(self, info: ModelInfo) -> dict[str, Any]:
        """What to store with a run, as JSON: where the prices are from; US dollars per million tokens."""
        price = self.find(info) if info.tier != "local" else None
        entry: dict[str, Any] = {"source": self.source, "date": self.date}
        for key in PRICE_KEYS:
            entry[key] = _plain(getattr(price, key)) if price is not None else None
        return entry


def load(name: str = "current") -> PriceBook:
    """The price book `current`, one that comes with Koderz (`koderz-2025`), or the one in the file of that name.

    Raises:
        ConfigError: when there is none, or the file is not a price book.
    """
    if name == "current":
        return PriceBook("genai-prices", version("genai-prices"), _current)
    shipped = files("koderz.models").joinpath("price_books", f"{name}.toml")
    try:
        text = shipped.read_text("utf-8") if shipped.is_file() else Path(name).expanduser().read_text("utf-8")
        return _parsed(tomllib.loads(text, parse_float=Decimal), name)
    except OSError as error:
        raise ConfigError(
            f"There is no price book {name!r}. Type `current`, `koderz-2025` or the path of a TOML file."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ArithmeticError, AttributeError, TypeError) as error:
        raise ConfigError(
            f"The price book {name!r} can't be read ({error}). docs/providers.md shows its form."
        ) from error


def context_window(provider: str, name: str) -> int | None:
    found = _model(provider, name)
    return found.context_window if found else None


def _current(info: ModelInfo) -> types.ModelPrice | None:
    found = _model(info.provider, info.name)
    price = found.get_prices(datetime.now(UTC)) if found else None
    return price if price is not None and price.input_mtok is not None and price.output_mtok is not None else None


def _model(provider: str, name: str) -> types.ModelInfo | None:
    from genai_prices.data_snapshot import get_snapshot

    try:
        return get_snapshot().find_provider_model(name, None, provider, None)[1]
    except LookupError:
        return None


def _parsed(book: dict[str, Any], name: str) -> PriceBook:
    from genai_prices.types import ModelPrice

    prices: dict[str, ModelPrice] = {}
    for model, row in book.get("models", {}).items():
        unknown = set(row) - set(PRICE_KEYS)
        if unknown or not {"input_mtok", "output_mtok"} <= set(row):
            raise TypeError(f"{model} needs input_mtok and output_mtok, and may have cache_read_mtok, cache_write_mtok")
        prices[model] = ModelPrice(**{key: Decimal(value) for key, value in row.items()})
    return PriceBook(
        str(book.get("source", name)), str(book.get("date", "undated")), lambda info: prices.get(info.name)
    )


def _counted(usage: Usage) -> object:
    """As genai-prices counts: there the input includes what was read from or written to a cache."""
    from genai_prices import Usage as Counted

    return Counted(
        input_tokens=usage.input_tokens + usage.cache_read + usage.cache_write,
        cache_read_tokens=usage.cache_read,
        cache_write_tokens=usage.cache_write,
        output_tokens=usage.output_tokens,
    )


def _plain(price: Decimal | types.TieredPrices | None) -> Any:
    if price is None or isinstance(price, Decimal):
        return None if price is None else str(price)
    tiers = [{"above_input_tokens": tier.start, "price": str(tier.price)} for tier in price.tiers]
    return {"base": str(price.base), "tiers": tiers}
