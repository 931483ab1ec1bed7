"""Checks a tool call's arguments against the tool's schema, because the protocol library leaves that to the server."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
_WHOLE = {"id", "sourceId", "targetId", "sessionId", "limit"}
"""Numbers that count something. The schemas are those of every memory server, and say less."""
_EXACT = 2**53


@cache
def tool_facts() -> dict[str, dict[str, Any]]:
    """Name, description and input schema of each tool, by name."""
    text = files("koderz.cortex").joinpath("tools.json").read_text(encoding="utf-8")
    return {tool["name"]: tool for tool in json.loads(text)}


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
    for name, rule in properties.items():
        if name in given:
            _check(name, rule, given[name])
            values[name] = int(given[name]) if name in _WHOLE else given[name]
    return values


def _check(name: str, rule: Mapping[str, Any], value: Any) -> None:
    wanted = rule["type"]
    fits = isinstance(value, _TYPES[wanted])
    if not fits or (wanted == "number" and isinstance(value, bool)):
        raise ValueError(f"{name} must be of type {wanted}")
    if wanted == "number":
        _check_number(name, rule, value)
    if "enum" in rule and value not in rule["enum"]:
        raise ValueError(f"{name} must be one of {', '.join(rule['enum'])}")
    for item in value if "items" in rule else ():
        _check(f"each of {name}", rule["items"], item)


def _check_number(name: str, rule: Mapping[str, Any], value: float) -> None:
    if not math.isfinite(value) or abs(value) > _EXACT:
        raise ValueError(f"{name} is too large")
    if name in _WHOLE and value != int(value):
        raise ValueError(f"{name} must be a whole number")
    if "minimum" in rule and not rule["minimum"] <= value <= rule["maximum"]:
        raise ValueError(f"{name} must be between {rule['minimum']} and {rule['maximum']}")
