"""Checks a tool call's arguments against the tool's schema, because the protocol library leaves that to the server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


def checked(schema: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The known arguments with defaults filled in; unknown ones are dropped.

    Raises:
        ValueError: one is missing, of the wrong type or out of range; the message names it.
    """
    properties: Mapping[str, Mapping[str, Any]] = schema["properties"]
    for name in schema.get("required", ()):
        if name not in given:
            raise ValueError(f"{name} is required")
    values = {name: rule["default"] for name, rule in properties.items() if "default" in rule}
    for name in properties.keys() & given.keys():
        _check(name, properties[name], given[name])
        values[name] = given[name]
    return values


def _check(name: str, rule: Mapping[str, Any], value: Any) -> None:
    wanted = rule["type"]
    fits = isinstance(value, _TYPES[wanted])
    if not fits or (wanted == "number" and isinstance(value, bool)):
        raise ValueError(f"{name} must be of type {wanted}")
    if "enum" in rule and value not in rule["enum"]:
        raise ValueError(f"{name} must be one of {', '.join(rule['enum'])}")
    if "minimum" in rule and not rule["minimum"] <= value <= rule["maximum"]:
        raise ValueError(f"{name} must be between {rule['minimum']} and {rule['maximum']}")
    if "items" in rule:
        for item in value:
            _check(f"each of {name}", rule["items"], item)
