"""Python amid prose: runs of lines that parse and consist of whole top-level statements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from koderz.utils.source import parse

MAX_LINES = 2_000
MAX_PARSES = 100
"""Together they bound the time spent on an answer that is nothing but garbage."""

_START = re.compile(r"[ \t]*(?:(?:async[ \t]+)?def[ \t]|class[ \t]|import[ \t]|from[ \t]+[\w.]+[ \t]+import\b|@\w)")


def find_runs(text: str) -> list[str]:
    """Runs that begin with a def, class, import or decorator, each as long as it can be, in the order of the text."""
    lines = text.split("\n")[:MAX_LINES]
    parses = iter(range(MAX_PARSES))
    found: list[str] = []
    at = 0
    while at < len(lines):
        length = 0
        if _START.match(lines[at]):
            block = _block(lines[at:])
            length = _whole(block, parses)
            found += ["\n".join(block[:length])] if length else []
        at += max(length, 1)
    return found


def whole_statements(code: str) -> str:
    """The longest beginning of `code` that parses, without the statement that is broken and all that follows."""
    lines = code.split("\n")[:MAX_LINES]
    return "\n".join(lines[: _whole(lines, iter(range(MAX_PARSES)))])


def _whole(lines: Sequence[str], parses: Iterator[int]) -> int:
    """How many of the first lines parse; a function is never cut in half. `parses` runs out when it took too long."""
    end = len(lines)
    while end and next(parses, None) is not None:
        try:
            parse("\n".join(lines[:end]))
        except SyntaxError as error:
            last = min(error.lineno or end, end)
            end = next((i for i in range(last - 1, 0, -1) if _is_top_level(lines[i])), 0)
        else:
            return end
    return 0


def _is_top_level(line: str) -> bool:
    return line[:1].strip() != ""


def _block(lines: Sequence[str]) -> list[str]:
    """The lines up to the first that is indented less than the first of all, without that indentation."""
    indent = len(lines[0]) - len(lines[0].lstrip(" \t"))
    block: list[str] = []
    for line in lines:
        if line[:indent].strip():
            break
        block.append(line[indent:])
    return block
