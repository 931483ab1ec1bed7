"""Starts a Node memory server: its own memory file, four environment variables, and never an orphan."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mcp import Client, StdioServerParameters, stdio_client

from koderz.core.errors import CortexError
from koderz.cortex import leash

START_S = 40.0
"""A server with many memories may tidy up before its first answer; half a minute was seen."""


@contextmanager
def client(path: Path, db: Path, project: str) -> Iterator[Client]:
    """A client that is not connected yet. Raises `CortexError` when there is nothing to start."""
    command = _command(path, db, project)
    # The server logs to stderr, where the terminal shows the experiment.
    with open(os.devnull, "w", encoding="utf-8") as quiet:
        yield Client(stdio_client(command, errlog=quiet), mode="legacy", read_timeout_seconds=START_S)


def _command(path: Path, db: Path, project: str) -> StdioServerParameters:
    if not path.is_file():
        raise CortexError(
            f"There is no memory server at {path}. Set CORTEX_PATH to its built dist/index.js, "
            "or unset it to use the embedded server."
        )
    node = shutil.which("node")
    if node is None:
        raise CortexError("CORTEX_PATH needs Node, and there is no `node`. Install it, or unset CORTEX_PATH.")
    return StdioServerParameters(
        command=sys.executable,
        args=["-I", "-S", leash.__file__, node, str(path), "--db", str(db)],
        env={"TZ": "UTC", "CLAUDE_MEMORY_PROJECT": project},
        cwd="/",
    )
