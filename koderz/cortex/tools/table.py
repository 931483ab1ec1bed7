"""Which function is which tool."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from koderz.cortex.memory import Answer, Memory
from koderz.cortex.tools import context, forget, links, notes, projects, sessions, transfer

TOOLS: dict[str, Callable[[Memory, dict[str, Any]], Answer]] = {
    "remember": notes.remember,
    "recall": notes.recall,
    "get_memory": notes.get_memory,
    "forget": forget.forget,
    "get_context": context.get_context,
    "memory_stats": context.memory_stats,
    "start_session": sessions.start_session,
    "end_session": sessions.end_session,
    "consolidate": sessions.consolidate,
    "export_memories": transfer.export_memories,
    "import_memories": transfer.import_memories,
    "get_related": links.get_related,
    "link_memories": links.link_memories,
    "set_project": projects.set_project,
    "get_project": projects.get_project,
}
