"""Reading JSON that a server sent, which may be anything: what is not as documented counts as not there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_MOST_TOKENS = 100_000_000
"""More than any model reads or writes in one call: such a count is a mistake."""


def table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def rows(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def words(value: object) -> str:
    return value if isinstance(value, str) else ""


def count(value: object) -> int | None:
    """A number of tokens that can be true; ``None`` for anything else, as a wrong count would be a wrong price."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value <= _MOST_TOKENS else None  # type: ignore[operator,return-value]
