"""The candidate's process: confines itself, executes the code, answers calls until it is killed.

Nothing here is trusted once the code has run, and nothing here decides anything: whatever this process says, does or
exits with, it can only hand over values, which the scorer compares.
"""

from __future__ import annotations

import io
import os
import random
import sys
import types
from typing import Any, NoReturn

from koderz.core.errors import SandboxError
from koderz.sandbox import frames
from koderz.sandbox.codec import decode, encode
from koderz.sandbox.confine import CHANNEL, Fences, confine, keep_only

READY = b"ready"
_TEXT = 2000
_FILE = "solution.py"


def main(fences: Fences, channel: int, parent: int, cpu_s: float, memory_mb: int) -> NoReturn:
    """Never returns, whatever happens: a child that came back would be a second, unconfined zygote."""
    try:
        keep_only(channel, fences.ruleset)
        try:
            confine(fences, parent, cpu_s, memory_mb)
        except (SandboxError, OSError) as error:
            frames.send(CHANNEL, str(error).encode())
        else:
            frames.send(CHANNEL, READY)
            _serve()
    finally:
        os._exit(70)


class _Kept(io.RawIOBase):
    """A stream that keeps the first `room` bytes and swallows the rest."""

    def __init__(self, room: int) -> None:
        self.data = bytearray()
        self._room = room

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        part = bytes(data)
        self.data += part[: max(0, self._room - len(self.data))]
        return len(part)


def _capture(room: int) -> tuple[_Kept, io.TextIOWrapper]:
    kept = _Kept(room)
    buffered = io.BufferedWriter(kept, 8192)
    return kept, io.TextIOWrapper(buffered, encoding="utf-8", errors="backslashreplace", write_through=True)


class _Solution:
    """The candidate's module and what it printed."""

    def __init__(self, seed: int, room: int) -> None:
        random.seed(seed)
        self._streams = [_capture(room), _capture(room)]
        sys.stdin = io.StringIO()
        sys.stdout, sys.stderr = (text for _, text in self._streams)
        self._module = types.ModuleType("solution")
        sys.modules["solution"] = self._module

    def load(self, code: str) -> None:
        exec(compile(code, _FILE, "exec", dont_inherit=True), self._module.__dict__)

    def get(self, name: str) -> tuple[bool, Any]:
        """Whether it can be called; else its value."""
        value = self._find(name)
        return (True, None) if callable(value) else (False, value)

    def call(self, name: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        return self._find(name)(*arguments, **named)

    def printed(self) -> tuple[bytes, bytes]:
        for _, text in self._streams:
            try:
                text.flush()
            except ValueError:  # the candidate closed it
                continue
        out, err = (bytes(kept.data) for kept, _ in self._streams)
        return out, err

    def _find(self, name: str) -> Any:
        try:
            return self._module.__dict__[name]
        except KeyError:
            raise NameError(f"name {name!r} is not defined") from None


def _serve() -> NoReturn:
    solution = _Solution(*decode(frames.receive(CHANNEL)))
    while True:
        frames.send(CHANNEL, _answer(solution, frames.receive(CHANNEL)))


def _answer(solution: _Solution, request: bytes) -> bytes:
    """The reply repeats the request's nonce, so that nothing written earlier can pass for it."""
    nonce, what, arguments = decode(request)
    try:
        return encode((nonce, "value", getattr(solution, what)(*arguments)))
    except BaseException as error:  # noqa: BLE001 - candidate code raises anything
        return encode((nonce, "raised", *_described(error)))


def _described(error: BaseException) -> tuple[str, str]:
    """Class and message, with the line of the candidate's code that it came from."""
    try:
        text = str(error)[:_TEXT]
    except BaseException:  # noqa: BLE001 - so may its __str__
        text = ""
    line = 0
    trace = error.__traceback__
    while trace is not None:
        line = trace.tb_lineno if trace.tb_frame.f_code.co_filename == _FILE else line
        trace = trace.tb_next
    return type(error).__name__, f"{text} (line {line})" if line else text
