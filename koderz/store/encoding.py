"""Between values and the JSON texts of the tables: secrets cut out, and an answer kept once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from koderz.core.types import Completion, Step
from koderz.utils import codec

REDACTED = "[redacted]"


def encode(value: Any, secrets: Sequence[str]) -> str:
    return to_text(redacted(codec.plain(value), secrets))


def to_text(data: Any) -> str:
    """ASCII: lone surrogates and NUL characters become escapes that every database can hold."""
    return json.dumps(data, separators=(",", ":"))


def redacted(data: Any, secrets: Sequence[str]) -> Any:
    """The data with every secret replaced, in keys too. Before it becomes text: a cut through an escape
    would break the JSON."""
    if not secrets:
        return data
    match data:
        case str():
            return _without(data, secrets)
        case list():
            return [redacted(each, secrets) for each in data]
        case dict():
            return {_without(key, secrets): redacted(each, secrets) for key, each in data.items()}
        case _:
            return data


def column(text: str, secrets: Sequence[str]) -> str:
    """A text for a plain column, which is there to search by: what such a column can't hold is spelled out."""
    sayable = text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\x00")
    return _without(sayable, secrets)


def decode_step(data: str, answer: str | None) -> Step:
    """`answer` is the completion's text; ``None`` where the step holds all it had."""
    step = json.loads(data)
    if answer is not None:
        step["outcome"]["completion"] = json.loads(answer)
    return codec.from_plain(Step, step)


def decode_completion(data: str) -> Completion:
    return codec.loads(Completion, data)


def _without(text: str, secrets: Sequence[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, REDACTED)
    return text
