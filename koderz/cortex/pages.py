"""What an assistant can read or be prompted with without calling a tool: three resources, two prompts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from koderz.cortex import overview, search, texts
from koderz.cortex.memory import Memory

IMPORTANT_ONES, RECENT_ONES = 20, 15


@dataclass(frozen=True)
class Page:
    description: str
    text: Callable[[Memory], str]


def _context(memory: Memory) -> str:
    return overview.summary(overview.of_project(memory, memory.project))


def _important(memory: Memory) -> str:
    ids = search.find(memory, memory.project, _all_of("important", IMPORTANT_ONES))
    rows = overview.rows(memory, ids)
    parts = (
        f"## {row['title']}\n{row['content']}\n*{row['category']} | {row['salience']:.0%} salience*" for row in rows
    )
    return "\n\n".join(parts) or "Nothing important is remembered yet."


def _recent(memory: Memory) -> str:
    rows = overview.rows(memory, search.find(memory, memory.project, _all_of("recent", RECENT_ONES)))
    parts = (f"- **{row['title']}** ({row['category']}): {texts.shortened(row['content'], 100)}" for row in rows)
    return "\n".join(parts) or "Nothing is remembered yet."


def _all_of(mode: str, limit: int) -> dict[str, object]:
    return {"mode": mode, "limit": limit, "includeGlobal": True}


def _restore(memory: Memory) -> str:
    return f"Here is what the memory has of this project. Take it into account from now on.\n\n{_context(memory)}"


def _search(_: Memory) -> str:
    return (
        "Search the memory for what bears on our work: call `recall` with its most telling words, then `get_memory` "
        "or `get_related` for what looks useful, and tell me in short what you found, with the IDs."
    )


RESOURCES = {
    "memory://context": Page("Decisions, patterns, pending items and recent notes of the project", _context),
    "memory://important": Page("The most important notes, in full", _important),
    "memory://recent": Page("The newest notes", _recent),
}
PROMPTS = {
    "restore_context": Page("Reads the project's context back in, at the start or after a compaction", _restore),
    "search_memory": Page("Looks for what the memory has on the work at hand", _search),
}
