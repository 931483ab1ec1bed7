"""The embedded memory server: MCP tools over one memory file. No Node, no process of its own.

To add a tool, give `tools.json` its schema and `_TOOLS` its function.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import anyio.to_thread
from mcp.server import Server, ServerRequestContext
from mcp_types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
)

from koderz import __version__
from koderz.core.errors import CortexError
from koderz.cortex import memories, texts
from koderz.cortex.arguments import checked
from koderz.cortex.tables import connect

Answer = tuple[str, dict[str, Any]]
"""The text to show, and the same as structured content."""


@dataclass
class Memories:
    """An open memory file; `project` is whose notes are meant when a call names none."""

    db: sqlite3.Connection
    one_at_a_time: anyio.CapacityLimiter
    project: str

    def project_of(self, given: Mapping[str, Any]) -> str | None:
        """``None`` for ``*``: everybody's."""
        name: str = given.get("project", "").strip() or self.project
        return None if name == "*" else name


def build_server(path: Path, project: str) -> Server[Memories]:
    """A server over the file at `path`, which is opened when a client connects and closed when it leaves."""

    @asynccontextmanager
    async def opened(_: Server[Memories]) -> AsyncIterator[Memories]:
        db = await anyio.to_thread.run_sync(connect, path)
        with closing(db):
            yield Memories(db, anyio.CapacityLimiter(1), project)

    return Server("koderz-cortex", version=__version__, lifespan=opened, on_list_tools=_list, on_call_tool=_call)


def tool_facts() -> dict[str, dict[str, Any]]:
    """Name, description and input schema of each tool, by name."""
    text = files("koderz.cortex").joinpath("tools.json").read_text(encoding="utf-8")
    return {tool["name"]: tool for tool in json.loads(text)}


async def _list(_: ServerRequestContext[Memories], __: PaginatedRequestParams | None) -> ListToolsResult:
    return ListToolsResult(tools=[Tool.model_validate(tool) for tool in tool_facts().values()])


async def _call(context: ServerRequestContext[Memories], call: CallToolRequestParams) -> CallToolResult:
    memory = context.lifespan_context
    # SQLite may wait for another process, and must not keep the event loop waiting with it.
    return await anyio.to_thread.run_sync(
        _answer, memory, call.name, call.arguments or {}, limiter=memory.one_at_a_time
    )


def _answer(memory: Memories, name: str, given: Mapping[str, Any]) -> CallToolResult:
    facts = tool_facts().get(name)
    if facts is None:
        return _failed(f"Error: Tool {name} not found")
    try:
        text, structured = _TOOLS[name](memory, checked(facts["inputSchema"], given))
    except ValueError as error:
        return _failed(f"Error: Input validation error: {error}")
    except (CortexError, sqlite3.Error) as error:
        return _failed(f"Failed to {name}: {error}" if name in ("remember", "recall") else f"Error: {error}")
    return CallToolResult(content=[TextContent(text=text)], structured_content=structured)


def _failed(text: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=text)], is_error=True)


def _remember(memory: Memories, given: dict[str, Any]) -> Answer:
    row, stored = memories.remember(memory.db, memory.project_of(given), given)
    truncated = stored and row["content"] != given["content"]
    text = texts.remembered(row, stored=stored, truncated=truncated)
    return text, {"id": row["id"], "stored": stored, "truncated": truncated}


def _recall(memory: Memories, given: dict[str, Any]) -> Answer:
    rows = memories.recall(memory.db, memory.project_of(given), given)
    return texts.recalled(rows), {"memories": rows}


def _get_memory(memory: Memories, given: dict[str, Any]) -> Answer:
    row = memories.get(memory.db, int(given["id"]))
    return texts.memory(row), row


def _export(memory: Memories, given: dict[str, Any]) -> Answer:
    rows = memories.export(memory.db, memory.project_of(given))
    return texts.exported(rows), {"memories": rows}


def _stats(memory: Memories, given: dict[str, Any]) -> Answer:
    counts = memories.stats(memory.db, memory.project_of(given))
    return texts.statistics(counts), counts


_TOOLS: dict[str, Callable[[Memories, dict[str, Any]], Answer]] = {
    "remember": _remember,
    "recall": _recall,
    "memory_stats": _stats,
    "get_memory": _get_memory,
    "export_memories": _export,
}
