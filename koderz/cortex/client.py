"""The memory as Koderz uses it, over MCP: a Node memory server, or the embedded one."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Self, TypedDict, Unpack

import anyio
from mcp import Client, MCPError
from mcp_types import CallToolResult, TextContent

from koderz.core.errors import CortexError
from koderz.cortex import node, texts
from koderz.cortex.plain import plain_title, storable
from koderz.cortex.server import build_server

CALL_S = 5.0
DEFAULT_DB = "~/.claude-cortex/koderz.db"

_FAILURE = re.compile(r"Failed to|Error:|MCP error")
_EXPORT = re.compile(r"Exported \d+ memories:\n\n(\[[\s\S]*\])")
_RECORD = re.compile(r"^(?=\[\d+\] \*\*)", re.MULTILINE)
_LOST = (MCPError, OSError, anyio.ClosedResourceError, anyio.BrokenResourceError)


class Extras(TypedDict, total=False):
    """What a memory may be given beside its text; the server chooses what is left out."""

    tags: Sequence[str]
    type: str
    importance: str
    scope: str
    metadata: Mapping[str, Any]


class _Dropped(CortexError):
    """The server took the memory for an older one with a similar title."""


class CortexClient:
    """A memory server: the Node one at `path` (its ``dist/index.js``), or without a path the embedded one.

    Within ``async with`` there is one connection for all calls, from any task; without, each call makes its
    own (10 ms embedded, half a second with Node). All methods raise `CortexError`, and take 5 s at most once
    connected. `db` is the memory file, ``~/.claude-cortex/koderz.db`` by default.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        db: str | os.PathLike[str] | None = None,
        project: str = "koderz",
    ) -> None:
        self._path = Path(path).expanduser().absolute() if path else None
        self._db = Path(db or DEFAULT_DB).expanduser().absolute()
        self._project = project
        self._connection: Client | None = None
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        if self._connection is not None:
            raise RuntimeError("This CortexClient is connected already; enter it once.")
        self._connection = await self._open.enter_async_context(self._connected())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._connection = None
        await self._open.aclose()

    async def remember(self, *, title: str, content: str, category: str = "note", **extras: Unpack[Extras]) -> int:
        """Stores a memory and returns its id; where its ``metadata["key"]`` is stored already, that memory's id.

        Raises:
            CortexError: it was not stored.
        """
        note = {"content": content, "category": category, **extras}
        if self._path is None:
            return await self._store({"title": title, **note})
        title = plain_title(title) or "untitled"
        try:
            return await self._store({"title": title, **note})
        except _Dropped:
            return await self._store({"title": f"{title} kz{secrets.token_hex(6)}", **note})

    async def _store(self, note: dict[str, Any]) -> int:
        result = await self._call("remember", note)
        if result.structured_content is not None:
            return int(result.structured_content["id"])
        return _acknowledged(storable(note["title"]), _text(result))

    async def recall(self, query: str, limit: int = 10) -> list[str]:
        """The best matches as they are printed, with 200 characters of each memory's content. `limit` is 1-50."""
        query = query if self._path is None else plain_title(query)
        result = await self._call("recall", {"query": query, "limit": limit})
        if result.structured_content is not None:
            return [texts.memory(row) for row in result.structured_content["memories"]]
        return [part.rstrip() for part in _RECORD.split(_text(result))[1:]]

    async def memory_stats(self) -> str:
        return _text(await self._call("memory_stats", {}))

    async def export_memories(self) -> list[dict[str, Any]]:
        """All memories of the project in full, oldest first; ``tags`` and ``metadata`` are JSON text."""
        text = _text(await self._call("export_memories", {}))
        match = _EXPORT.fullmatch(text)
        if match is None:
            raise CortexError(f"The memory server exported something unreadable: {text[:100]!r}.")
        rows: list[dict[str, Any]] = json.loads(match[1])
        return rows

    async def _call(self, tool: str, arguments: dict[str, Any]) -> CallToolResult:
        if self._connection is not None:
            return await self._answer(self._connection, tool, arguments)
        async with self._connected() as connection:
            return await self._answer(connection, tool, arguments)

    async def _answer(self, connection: Client, tool: str, arguments: dict[str, Any]) -> CallToolResult:
        sent = storable({**arguments, "project": self._project})
        try:
            with anyio.fail_after(CALL_S):  # not the library's own limit, which leaves out a listing before the call
                result = await connection.call_tool(tool, sent)
        except TimeoutError as error:
            raise CortexError(f"The memory server did not answer {tool} in {CALL_S:g} s. {self._advice()}") from error
        except _LOST as error:
            raise CortexError(f"The memory server did not answer {tool}: {error}. {self._advice()}") from error
        if result.is_error or _FAILURE.match(_text(result)):
            raise CortexError(f"The memory server refused {tool}. {_text(result)}")
        return result

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Client]:
        stack = AsyncExitStack()
        try:
            try:
                connection = await stack.enter_async_context(self._server(stack))
            except (*_LOST, ExceptionGroup) as error:
                raise CortexError(f"The memory server did not start: {_reason(error)}. {self._advice()}") from error
            yield connection
        finally:
            # Not told of an exception on its way: the connection's task group would wrap it in a group.
            await stack.aclose()

    def _server(self, stack: AsyncExitStack) -> Client:
        if self._path is None:
            return Client(build_server(self._db, self._project))
        return stack.enter_context(node.client(self._path, self._db, self._project))

    def _advice(self) -> str:
        if self._path is None:
            return f"Its file is {self._db}; set CORTEX_DB to use another."
        return f"Run `node {self._path} --db {self._db}` to see why, or unset CORTEX_PATH to use the embedded server."


def _text(result: CallToolResult) -> str:
    return "".join(block.text for block in result.content if isinstance(block, TextContent))


def _reason(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _acknowledged(title: str, text: str) -> int:
    """The id in the answer to `remember`. The Node server may answer so although it stored nothing."""
    if re.search(r"^  Reason: Updated existing similar memory$", text, re.MULTILINE):
        raise _Dropped(f"The memory server took {title!r} for an older memory and did not store it.")
    identity = re.search(r"^  ID: (\d+)$", text, re.MULTILINE)
    if identity is None or not text.startswith(f'Remembered: "{title}"\n'):
        raise CortexError(f"The memory server did not confirm that it stored {title!r}: {text[:200]!r}.")
    return int(identity[1])
