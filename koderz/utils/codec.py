"""Values of `core.types` to JSON text and back, by pydantic from the types themselves."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")

_adapters: dict[Any, TypeAdapter[Any]] = {}


def _adapter(kind: Any) -> TypeAdapter[Any]:
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def dumps(value: Any, kind: Any = None) -> str:
    """`kind` is the declared type where it is wider than the value's own (a union)."""
    return _adapter(kind or type(value)).dump_json(value).decode()


def loads(kind: type[T], text: str | bytes) -> T:
    """Raises `pydantic.ValidationError` when the text is not such a value."""
    value: T = _adapter(kind).validate_json(text)
    return value


def plain(value: Any) -> Any:
    """The value as dicts, lists, strings and numbers, as `json.dumps` wants it."""
    return _adapter(type(value)).dump_python(value, mode="json")
