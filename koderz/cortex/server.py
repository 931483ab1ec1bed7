"""The embedded memory server: MCP over one memory file. No Node, and no process of its own unless served over stdio."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import anyio.to_thread
import mcp_types as mcp
from mcp import MCPError
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server

from koderz import __version__
from koderz.core.errors import CortexError
from koderz.cortex import projects
from koderz.cortex.arguments import checked, tool_facts
from koderz.cortex.memory import Memory
from koderz.cortex.pages import PROMPTS, RESOURCES, Page
from koderz.cortex.tables import BUSY_MS, connect, is_locked
from koderz.cortex.tools.table import TOOLS

INSTRUCTIONS = (
    "Notes of Koderz experiments and of whoever works with them. `recall` finds an experiment by its id "
    "(exp_...), a problem by its id (HumanEval/0), and anything else by its words."
)
_NAMED_FAILURES = ("remember", "recall", "forget")
"""Tools whose failures begin with `Failed to` and their name; those of the others begin with `Error:`."""

T = TypeVar("T")


@dataclass(frozen=True)
class Opened:
    memory: Memory
    one_at_a_time: anyio.CapacityLimiter


Context = ServerRequestContext[Opened]


def build_server(path: Path, project: str | None = projects.DEFAULT, source: str = "option") -> Server[Opened]:
    """A server over the file at `path`, which is opened when a client connects and closed when it leaves."""

    @asynccontextmanager
    async def opened(_: Server[Opened]) -> AsyncIterator[Opened]:
        db = await anyio.to_thread.run_sync(connect, path)
        with closing(db):
            yield Opened(Memory(db, project, source), anyio.CapacityLimiter(1))

    return Server(
        "koderz-cortex",
        version=__version__,
        instructions=INSTRUCTIONS,
        lifespan=opened,
        on_list_tools=_list_tools,
        on_call_tool=_call_tool,
        on_list_resources=_list_resources,
        on_read_resource=_read_resource,
        on_list_prompts=_list_prompts,
        on_get_prompt=_get_prompt,
    )


async def serve(path: Path, project: str | None, source: str) -> None:
    """Answers on standard input and output until the input ends. Raises `CortexError` when the file can't be used."""
    connect(path).close()  # the protocol library would tell its own story about it
    server = build_server(path, project, source)
    async with stdio_server() as (requests, answers):
        await server.run(requests, answers, server.create_initialization_options())


async def _in_turn(context: Context, work: Callable[[Memory], T]) -> T:
    """In a thread: SQLite may wait for another process, and must not keep the event loop waiting with it."""
    opened = context.lifespan_context
    return await anyio.to_thread.run_sync(work, opened.memory, limiter=opened.one_at_a_time)


async def _list_tools(_: Context, __: mcp.PaginatedRequestParams | None) -> mcp.ListToolsResult:
    return mcp.ListToolsResult(tools=[mcp.Tool.model_validate(tool) for tool in tool_facts().values()])


async def _call_tool(context: Context, call: mcp.CallToolRequestParams) -> mcp.CallToolResult:
    return await _in_turn(context, lambda memory: _answer(memory, call.name, call.arguments or {}))


def _answer(memory: Memory, name: str, given: Mapping[str, Any]) -> mcp.CallToolResult:
    if name not in TOOLS:
        return _failed(f"Error: Tool {name} not found. There are {', '.join(TOOLS)}.")
    try:
        text, structured = TOOLS[name](memory, checked(tool_facts()[name]["inputSchema"], given))
    except ValueError as error:
        return _failed(f"Error: Input validation error: {error}")
    except (CortexError, sqlite3.Error) as error:
        return _failed(_complaint(name, error))
    return mcp.CallToolResult(content=[mcp.TextContent(text=text)], structured_content=structured)


def _failed(text: str) -> mcp.CallToolResult:
    return mcp.CallToolResult(content=[mcp.TextContent(text=text)], is_error=True)


def _complaint(name: str, error: Exception) -> str:
    reason = str(error)
    if is_locked(error):
        reason = (
            f"the memory file has been locked by another process for {BUSY_MS / 1000:g} s, and nothing was written. "
            "Try again when that one is done."
        )
    if reason.startswith("Failed to"):
        return reason
    return f"Failed to {name}: {reason}" if name in _NAMED_FAILURES else f"Error: {reason}"


async def _list_resources(_: Context, __: mcp.PaginatedRequestParams | None) -> mcp.ListResourcesResult:
    return mcp.ListResourcesResult(
        resources=[
            mcp.Resource(name=uri, uri=uri, description=page.description, mime_type="text/markdown")
            for uri, page in RESOURCES.items()
        ]
    )


async def _read_resource(context: Context, wanted: mcp.ReadResourceRequestParams) -> mcp.ReadResourceResult:
    text = await _in_turn(context, _page(RESOURCES, str(wanted.uri)).text)
    contents = mcp.TextResourceContents(uri=wanted.uri, mime_type="text/markdown", text=text)
    return mcp.ReadResourceResult(contents=[contents])


async def _list_prompts(_: Context, __: mcp.PaginatedRequestParams | None) -> mcp.ListPromptsResult:
    return mcp.ListPromptsResult(
        prompts=[mcp.Prompt(name=name, description=page.description) for name, page in PROMPTS.items()]
    )


async def _get_prompt(context: Context, wanted: mcp.GetPromptRequestParams) -> mcp.GetPromptResult:
    text = await _in_turn(context, _page(PROMPTS, wanted.name).text)
    return mcp.GetPromptResult(messages=[mcp.PromptMessage(role="user", content=mcp.TextContent(text=text))])


def _page(pages: Mapping[str, Page], name: str) -> Page:
    if name not in pages:
        raise MCPError(mcp.INVALID_PARAMS, f"There is no {name}. There are {', '.join(pages)}.")
    return pages[name]
