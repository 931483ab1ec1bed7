"""Memory servers as processes of their own: several on one file, killed, interrupted."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import sys
import sysconfig
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters, stdio_client

from koderz.cortex import projects
from koderz.cortex.client import CortexClient
from tests.contracts.memory_talk import note, number, said

ROOT = Path(__file__).parents[3]
SERVE = [sys.executable, "-W", "error", "-m", "koderz", "memory", "serve", "--db"]


@asynccontextmanager
async def served(db: Path, project: str = "koderz") -> AsyncIterator[Client]:
    command = StdioServerParameters(command=SERVE[0], args=[*SERVE[1:], str(db), "--project", project])
    async with Client(stdio_client(command), mode="legacy") as client:
        yield client


def titles(db: Path) -> list[str]:
    with closing(sqlite3.connect(db)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [row[0] for row in opened.execute("SELECT title FROM memories")]


def started(db: Path) -> subprocess.Popen[str]:
    """A server that has answered its first call."""
    server = subprocess.Popen([*SERVE, str(db)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    about = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    send(server, "initialize", about, 0)
    assert answer(server)["result"]["serverInfo"]["name"] == "koderz-cortex"
    send(server, "notifications/initialized")
    return server


def send(server: subprocess.Popen[str], method: str, params: Any = None, identity: int | None = None) -> None:
    assert server.stdin
    message = {"jsonrpc": "2.0", "method": method} | ({"params": params} if params else {})
    server.stdin.write(json.dumps(message | ({} if identity is None else {"id": identity})) + "\n")
    server.stdin.flush()


def answer(server: subprocess.Popen[str]) -> dict[str, Any]:
    assert server.stdout
    return dict(json.loads(server.stdout.readline()))


def ended(server: subprocess.Popen[str]) -> int:
    code = server.wait(10)
    for stream in (server.stdin, server.stdout):
        assert stream
        stream.close()
    return code


def test_three_processes_on_a_new_file_lose_nothing_and_never_say_locked(tmp_path: Path) -> None:
    complaints: list[str] = []

    async def write(writer: int) -> None:
        async with served(tmp_path / "m.db") as client:
            for place in range(60):
                for name, arguments in (note(f"note {writer} {place}"), ("recall", {"query": "note"})):
                    result = await client.call_tool(name, arguments)
                    if result.is_error:
                        complaints.append(said(result))

    async def main() -> None:
        async with anyio.create_task_group() as tasks:
            for writer in range(3):
                tasks.start_soon(write, writer)

    anyio.run(main)
    assert complaints == []
    assert sorted(titles(tmp_path / "m.db")) == sorted(
        f"note {writer} {place}" for writer in range(3) for place in range(60)
    )


def test_two_processes_that_send_the_same_keys_store_each_once(tmp_path: Path) -> None:
    ids: list[list[int]] = []

    async def sync() -> None:
        async with served(tmp_path / "m.db") as client:
            calls = [note("record", metadata={"key": f"exp_1/step/{place}"}) for place in range(40)]
            ids.append([number(await client.call_tool(name, arguments)) for name, arguments in calls])

    async def main() -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(sync)
            tasks.start_soon(sync)

    anyio.run(main)
    assert ids[0] == ids[1]
    assert len(titles(tmp_path / "m.db")) == 40


@pytest.mark.parametrize("after", [1, 7, 40])
def test_what_was_acknowledged_is_there_after_a_kill(tmp_path: Path, after: int) -> None:
    server = started(tmp_path / "m.db")
    for place in range(after + 20):  # more than it will have answered
        name, arguments = note(f"note {place}", "c" * 5_000)
        send(server, "tools/call", {"name": name, "arguments": arguments}, place + 1)
    acknowledged = [answer(server)["id"] - 1 for _ in range(after)]
    server.kill()
    assert ended(server) == -signal.SIGKILL
    assert {f"note {place}" for place in acknowledged} <= set(titles(tmp_path / "m.db"))
    (found,) = anyio.run(CortexClient(db=tmp_path / "m.db").recall, f'"note" {acknowledged[-1]}', 1)
    assert f"**note {acknowledged[-1]}**" in found


def test_it_ends_when_its_input_does(tmp_path: Path) -> None:
    server = started(tmp_path / "m.db")
    assert server.stdin
    server.stdin.close()
    assert ended(server) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    server = started(tmp_path / "m.db")
    server.send_signal(number)
    assert ended(server) == -number


def test_its_project_is_an_option_else_the_environment_else_koderz(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLAUDE_MEMORY_PROJECT", raising=False)
    assert projects.chosen(None) == ("koderz", "none")
    monkeypatch.setenv("CLAUDE_MEMORY_PROJECT", " theirs ")
    assert projects.chosen(None) == ("theirs", "env")
    assert projects.chosen("mine") == ("mine", "option")
    assert projects.chosen("*") == (None, "option")
    monkeypatch.setenv("CLAUDE_MEMORY_PROJECT", "*")
    assert projects.chosen(None) == (None, "env")
    folder = tmp_path / "Some Project" / "src" / ".hidden"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    assert projects.chosen(".") == ("Some Project", "cwd")
    monkeypatch.chdir("/")
    assert projects.chosen(".") == (None, "cwd")


def test_a_served_project_is_the_one_that_was_typed(tmp_path: Path) -> None:
    async def main() -> str:
        async with served(tmp_path / "m.db", "mine") as client:
            return said(await client.call_tool("get_project", {}))

    assert anyio.run(main).startswith("**Current Project:** mine\n**Detection Source:** option\n")


def test_an_assistant_that_is_set_up_as_documented_finds_an_experiment(tmp_path: Path) -> None:
    (block,) = re.findall(r"```json\n(.*?)```", (ROOT / "docs" / "memory.md").read_text(), re.DOTALL)
    (entry,) = json.loads(block)["mcpServers"].values()
    koderz = Path(sysconfig.get_path("scripts")) / entry["command"]
    environment = {"CORTEX_DB": str(tmp_path / "m.db")}
    command = StdioServerParameters(command=str(koderz), args=entry["args"], env=environment, cwd=tmp_path)

    async def main() -> str:
        await CortexClient(db=tmp_path / "m.db").remember(title="Koderz spec of exp_ab12cd34 HumanEval/0", content="c")
        async with Client(stdio_client(command)) as assistant:
            return said(await assistant.call_tool("recall", {"query": "exp_ab12cd34"}))

    assert anyio.run(main).startswith("Found 1 memory:\n[1] **Koderz spec of exp_ab12cd34 HumanEval/0**\n")


def test_a_file_that_is_no_memory_ends_it_with_a_message(tmp_path: Path) -> None:
    (tmp_path / "m.db").write_text("not a database, and long enough to tell" * 50)
    done = subprocess.run([*SERVE, str(tmp_path / "m.db")], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == 3
    assert done.stdout == ""
    assert "CORTEX_DB" in done.stderr
    assert "Traceback" not in done.stderr
