"""Talking to a memory server: calls, and what their answers say."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, TypeVar

import anyio
from mcp import Client
from mcp_types import CallToolResult, TextContent

T = TypeVar("T")
Call = tuple[str, dict[str, Any]]

RECORD = re.compile(
    r"\[\d+\] \*\*(?P<title>.*)\*\*\n    (?P<preview>[\s\S]*?)\n"
    r"    Type: \w+ \| Category: \w+\n    Salience: \d+% \| Accessed: \d+x\n    Last access: .+\n"
    r"(?:    Tags: (?P<tags>.+)\n)?(?:    Project: (?P<project>.+))?"
)


def said(result: CallToolResult) -> str:
    (block,) = result.content
    assert isinstance(block, TextContent)
    return block.text


def note(title: str, content: str = "c", **more: Any) -> Call:
    return "remember", {"title": title, "content": content, "category": "custom", "type": "episodic"} | more


def number(result: CallToolResult) -> int:
    found = re.search(r"^  ID: (\d+)$", said(result), re.MULTILINE)
    assert found, said(result)
    return int(found[1])


def titles(result: CallToolResult) -> set[str]:
    return {found["title"] for found in RECORD.finditer(said(result))}


def rows_of(result: CallToolResult) -> list[dict[str, Any]]:
    found = re.fullmatch(r"Exported (\d+) memories:\n\n(\[[\s\S]*\])", said(result))
    assert found, said(result)[:200]
    rows: list[dict[str, Any]] = json.loads(found[2])
    assert len(rows) == int(found[1])
    return rows


class Talk(ABC):
    """A server to talk to, each time as a client of its own."""

    @abstractmethod
    def connect(self, db: Path) -> AbstractAsyncContextManager[Client]:
        """A client, connected, of project `mine`."""

    def session(self, db: Path, work: Callable[[Client], Awaitable[T]]) -> T:
        async def main() -> T:
            async with self.connect(db) as client:
                return await work(client)

        return anyio.run(main)

    def talk(self, db: Path, *calls: Call) -> list[CallToolResult]:
        async def work(client: Client) -> list[CallToolResult]:
            return [await client.call_tool(name, arguments) for name, arguments in calls]

        return self.session(db, work)

    def exported(self, db: Path) -> list[dict[str, Any]]:
        return rows_of(self.talk(db, ("export_memories", {"project": "*"}))[0])
