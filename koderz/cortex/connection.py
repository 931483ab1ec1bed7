"""A connection to a memory server: the Node one at a path, or the embedded one; and one call over it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
from mcp import Client, MCPError
from mcp_types import CallToolResult

from koderz.core.errors import CortexError
from koderz.cortex import answers, node
from koderz.cortex.plain import storable
from koderz.cortex.server import build_server

_LOST = (MCPError, OSError, anyio.ClosedResourceError, anyio.BrokenResourceError)


@dataclass(frozen=True)
class Server:
    """Which server, over which memory file, for whose memories. `path` ``None`` is the embedded one."""

    path: Path | None
    db: Path
    project: str

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Client]:
        """Raises `CortexError` when the server does not start."""
        stack = AsyncExitStack()
        try:
            try:
                connection = await stack.enter_async_context(self._client(stack))
            except (*_LOST, ExceptionGroup) as error:
                raise CortexError(f"The memory server did not start: {_reason(error)}. {self._advice()}") from error
            yield connection
        finally:
            # Not told of an exception on its way: the connection's task group would wrap it in a group.
            await stack.aclose()

    def _client(self, stack: AsyncExitStack) -> Client:
        if self.path is None:
            return Client(build_server(self.db, None if self.project == "*" else self.project))
        return stack.enter_context(node.client(self.path, self.db, self.project))

    async def call(self, connection: Client, tool: str, arguments: dict[str, Any], seconds: float) -> CallToolResult:
        """Raises `CortexError` when there is no answer in time, or when it is a failure."""
        sent = storable({**arguments, "project": self.project})
        try:
            with anyio.fail_after(seconds):  # not the library's own limit, which leaves out a listing before the call
                result = await connection.call_tool(tool, sent)
        except TimeoutError as error:
            raise CortexError(f"The memory server did not answer {tool} in {seconds:g} s. {self._advice()}") from error
        except _LOST as error:
            raise CortexError(f"The memory server did not answer {tool}: {error}. {self._advice()}") from error
        if answers.failed(result):
            raise CortexError(f"The memory server refused {tool}. {answers.text(result)}")
        return result

    def _advice(self) -> str:
        if self.path is None:
            return f"Its file is {self.db}; set CORTEX_DB to use another."
        return f"Run `node {self.path} --db {self.db}` to see why, or unset CORTEX_PATH to use the embedded server."


def _reason(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
