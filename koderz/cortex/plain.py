"""Text that every memory server can take."""

from __future__ import annotations

import re
from typing import Any

_REFUSED = re.compile(r'[^\w \-:*^()&|./,{}+"\x80-\U0010ffff]+', re.ASCII)
"""Marks that make the Node server's search fail, and with it the storing of a title that has them."""


def plain_title(text: str) -> str:
    """The text with a space for every mark that can't be in a title or a query."""
    return " ".join(_REFUSED.sub(" ", text).split())


def storable(value: Any) -> Any:
    """The value without halves of surrogate pairs: they are no characters, and no JSON or SQLite text can hold them."""
    match value:
        case str():
            return value.encode("utf-8", "replace").decode()
        case list() | tuple():
            return [storable(item) for item in value]
        case dict():
            return {storable(key): storable(item) for key, item in value.items()}
        case _:
            return value
