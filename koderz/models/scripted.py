"""A provider whose answers are written down: for tests, demonstrations, and trying the program without a model.

`scripted/PATH` reads the file PATH, one JSON object per line:

    {"text": "def f(): ...", "usage": {"input": 12, "output": 7}, "delay_s": 0.1, "cost_usd": "0.01"}
    {"error": "Unavailable"}

All fields are optional. `error` names a class of `koderz.core.errors` under `ModelError`; `text` is then its message.
Answers are given in the order of the calls, per file; the last one repeats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, Self

import anyio
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from koderz.core import errors
from koderz.core.errors import ConfigError, ModelError
from koderz.core.ports import OnText, ignore_text
from koderz.core.types import Completion, FinishReason, ModelRequest, Usage
from koderz.models.public_calls import PublicCalls
from koderz.models.registry import describe
from koderz.models.streaming import Answer, draw_seed

Scripted = str | Completion | Exception
ErrorName = Literal[
    "ModelError", "RateLimited", "Unavailable", "Timeout", "AuthFailed", "ModelMissing", "ContextOverflow"
]


class _Tokens(BaseModel):
    model_config = ConfigDict(extra="forbid")

    input: int = Field(0, ge=0)
    output: int = Field(0, ge=0)
    cache_read: int = Field(0, ge=0)
    cache_creation: int = Field(0, ge=0)


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str = ""
    usage: _Tokens | None = None
    delay_s: float = Field(0, ge=0)
    cost_usd: Decimal | None = Field(None, ge=0)
    finish: FinishReason = "stop"
    error: ErrorName | None = None


class ScriptedClient(PublicCalls):
    """Answers from `answers`, where given, else from the file that the model's name is the path of.

    An answer is a text, a whole `Completion`, or an exception to raise.
    """

    provider = "scripted"

    def __init__(self, answers: Sequence[Scripted] | None = None) -> None:
        self._answers = tuple(answers) if answers is not None else None
        self._files: dict[str, list[_Line]] = {}
        self._calls: dict[str, int] = {}
        self.requests: list[ModelRequest] = []

    def fresh(self) -> Self:
        """Itself: there is no connection, and the script goes on where it is."""
        return self

    async def aclose(self) -> None:
        """Nothing is open."""

    async def complete(self, request: ModelRequest, on_text: OnText = ignore_text) -> Completion:
        self.requests.append(request)
        path = describe(self.provider, request.model).name
        call = self._calls.get(path, 0)
        self._calls[path] = call + 1
        if self._answers is not None:
            return _given(self._answers[min(call, len(self._answers) - 1)], _answer(request, path, on_text))
        lines = self._lines(path)
        return await _played(lines[min(call, len(lines) - 1)], _answer(request, path, on_text))

    def _lines(self, path: str) -> list[_Line]:
        if path not in self._files:
            self._files[path] = read_script(path)
        return self._files[path]


def read_script(path: str) -> list[_Line]:
    """Raises `ConfigError` that names the line which can't be read."""
    try:
        text = Path(path).expanduser().read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"The script {path!r} can't be read ({error}). scripted/PATH needs a file of JSON lines, "
            f'such as {{"text": "an answer"}}.'
        ) from error
    lines = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            lines += [_Line.model_validate_json(line)] if line.strip() else []
        except ValidationError as error:
            problem = error.errors()[0]
            where = ".".join(str(part) for part in problem["loc"])
            raise ConfigError(f"{path}, line {number}: {problem['msg']} {where}".rstrip() + ".") from error
    if not lines:
        raise ConfigError(f'The script {path!r} is empty. Write one answer per line, such as {{"text": "an answer"}}.')
    return lines


def _answer(request: ModelRequest, name: str, on_text: OnText) -> Answer:
    wished: dict[str, Any] = {
        "temperature": request.temperature,
        "max_tokens": request.max_tokens,
        "seed": draw_seed(request),
    }
    return Answer(on_text, name, {key: value for key, value in wished.items() if value is not None}, finish="stop")


def _given(given: Scripted, answer: Answer) -> Completion:
    match given:
        case Exception():
            raise given
        case Completion():
            answer.on_text(given.text)
            return replace(given, sent=given.sent or answer.sent)
        case str():
            _speak(given, answer)
            return answer.completion("local", Decimal(0))


async def _played(line: _Line, answer: Answer) -> Completion:
    await anyio.sleep(line.delay_s)
    if line.error:
        kind: type[ModelError] = getattr(errors, line.error)
        raise kind(line.text or f"scripted: {line.error}, as the script says. Edit the script to get an answer.")
    answer.finish = line.finish
    if told := line.usage:
        answer.usage = Usage(told.input, told.output, told.cache_read, told.cache_creation)
    _speak(line.text, answer)
    return answer.completion("local", Decimal(0) if line.cost_usd is None else line.cost_usd)


def _speak(text: str, answer: Answer) -> None:
    for piece in text.splitlines(keepends=True):
        answer.text(piece)
