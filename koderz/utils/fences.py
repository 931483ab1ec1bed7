"""Fenced blocks of a Markdown answer, read as leniently as models write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

MAX_FENCES = 100
MAX_CLOSINGS = 6
"""How many closing lines are tried for one block, whose docstring may hold fences of its own."""

_OPENING = re.compile(
    r"(?P<indent>[ \t]*(?:(?:[-*+]|\d+[.)])[ \t]+)?)"  # fences stand in lists, too
    r"(?P<marks>`{3,}|~{3,})[ \t]*(?P<tag>[^\s`]*+)[^`]*+"
)
_PYTHON = {"python", "python3", "py", "py3"}


@dataclass(frozen=True, slots=True)
class Fence:
    """`python` says that the block is marked as such, `closed` that it has an end."""

    code: str
    python: bool
    closed: bool


def find_fences(text: str, is_code: Callable[[str], bool]) -> list[Fence]:
    """In the order of the text.

    A block ends at the first closing line that makes `is_code` true of it, so that a fence in a docstring doesn't
    end it. Where none does, it ends at the first closing line, or at the next marked opening if that comes before.
    """
    lines = text.split("\n")
    found: list[Fence] = []
    at = 0
    while at < len(lines) and len(found) < MAX_FENCES:
        opening = _OPENING.fullmatch(lines[at])
        at += 1
        if opening:
            fence, length = _read(lines[at:], opening, is_code)
            found.append(fence)
            at += length
    return found


def _read(lines: Sequence[str], opening: re.Match[str], is_code: Callable[[str], bool]) -> tuple[Fence, int]:
    """The block that the lines begin with, and how many of them it takes."""
    width = len(opening["indent"])
    python = opening["tag"].lower().strip("{}.") in _PYTHON
    closing = re.compile(rf"\s*{opening['marks'][0]}{{{len(opening['marks'])},}}\s*")
    ends = list(islice((i for i, line in enumerate(lines) if closing.fullmatch(line)), MAX_CLOSINGS))
    for end in ends:
        if is_code(code := _body(lines[:end], width)):
            return Fence(code, python, closed=True), end + 1
    end = ends[0] if ends else len(lines)
    if restart := next((i for i in range(end) if _opens_marked(lines[i])), 0):
        return Fence(_body(lines[:restart], width), python, closed=False), restart
    code = _body(lines[:end], width)
    if ends:
        return Fence(code, python, closed=True), end + 1
    return Fence(code.rstrip().removesuffix(opening["marks"]), python, closed=False), end


def _opens_marked(line: str) -> bool:
    opening = _OPENING.fullmatch(line)
    return opening is not None and opening["tag"] != ""


def _body(lines: Sequence[str], width: int) -> str:
    """Without the indentation of the fence, and without the language where it stands on a line of its own."""
    if lines and lines[0].strip().lower() in _PYTHON:
        lines = lines[1:]
    return "\n".join(line[:width].lstrip(" \t") + line[width:] for line in lines)
