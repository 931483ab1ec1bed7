"""How long it takes to remember and to recall, as Koderz does both, against bare `sqlite3` on the same rows.

    python perf/memory.py [--rows 300 5000 50000] [--calls 200] [--folder FOLDER]

Koderz' way is `CortexClient` with the embedded server: MCP, checks and a thread included. The bare way is what no
server can beat: an INSERT in a transaction of its own into the same tables, and an FTS5 query for ten row numbers
in order of rank. Both take turns call by call. CPU time is the mean of Koderz' way: it tells the same on a machine
that does other things. Rows are like those of experiments: 12 to an experiment, 164 problems.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Any

import anyio

from koderz.cortex import tables
from koderz.cortex.client import CortexClient

WORDS = ["".join(random.Random(seed).choices("abcdefghijklmnopqrstuvwxyz", k=3 + seed % 7)) for seed in range(5000)]
QUERIES: dict[str, Callable[[int], str]] = {
    "experiment": lambda place: f"exp_{place // 12:08x}",
    "problem": lambda place: f"HumanEval/{place // 12 % 164}",
    "rare word": lambda place: WORDS[place % len(WORDS)],
    "two words": lambda place: f"{WORDS[place % len(WORDS)]} failed",
    "word of all": lambda place: "failed",
}
INSERT = """INSERT INTO memories (type, category, title, content, project, tags, salience, decayed_score, metadata)
    VALUES ('episodic', 'custom', ?, ?, 'koderz', ?, 0.8, 0.8, ?)"""
MATCH = "SELECT rowid FROM memories_fts WHERE memories_fts MATCH ? ORDER BY rank LIMIT 10"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[300, 5_000, 50_000])
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--folder", help="where the files are written: the disk that is measured")
    arguments = parser.parse_args()
    names = ("p50 ms", "p95 ms", "CPU ms", "bare p50", "bare p95", "ratio")
    print(f"{'rows':>6} {'what':22} {' '.join(f'{name:>8}' for name in names)}")
    for rows in arguments.rows:
        with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
            anyio.run(measure, rows, arguments.calls, Path(folder))


async def measure(rows: int, calls: int, folder: Path) -> None:
    fill(folder / "koderz.db", rows)
    shutil.copy(folder / "koderz.db", folder / "bare.db")
    bare = tables.connect(folder / "bare.db")
    async with CortexClient(db=folder / "koderz.db") as client:
        await client.memory_stats()  # the connection is there
        places = range(rows, rows + calls)
        await report(rows, "remember", [(remember(client, place), insert(bare, place)) for place in places])
        chosen = [random.Random(call).randrange(rows) for call in range(calls)]
        for name, query in QUERIES.items():
            asked = [query(place) for place in chosen]
            await report(rows, f"recall {name}", [(recall(client, text), match(bare, text)) for text in asked])
    bare.close()


async def report(rows: int, what: str, pairs: list[tuple[Callable[[], Awaitable[Any]], Callable[[], Any]]]) -> None:
    """Runs both of each pair and prints a line; the ratio is that of the medians."""
    ours, bare, busy = [], [], 0.0
    for koderz, floor in pairs:
        working, begun = process_time(), perf_counter()
        await koderz()
        between = perf_counter()
        busy += process_time() - working
        floor()
        ours.append((between - begun) * 1000)
        bare.append((perf_counter() - between) * 1000)
    half, most, floor_half, floor_most = (
        median(ours),
        quantiles(ours, n=20)[-1],
        median(bare),
        quantiles(bare, n=20)[-1],
    )
    numbers = (half, most, busy / len(pairs) * 1000, floor_half, floor_most, half / floor_half)
    print(f"{rows:>6} {what:22} {' '.join(f'{number:>8.2f}' for number in numbers)}", flush=True)


def remember(client: CortexClient, place: int) -> Callable[[], Awaitable[int]]:
    note = memory(place)
    extras: dict[str, Any] = {"type": "episodic", "importance": "high", "scope": "project"}
    return lambda: client.remember(**note, category="custom", **extras)


def insert(db: sqlite3.Connection, place: int) -> Callable[[], None]:
    values = columns(memory(place))

    def once() -> None:
        db.execute("BEGIN IMMEDIATE")
        db.execute(INSERT, values)
        db.execute("COMMIT")

    return once


def recall(client: CortexClient, query: str) -> Callable[[], Awaitable[list[str]]]:
    return lambda: client.recall(query)


def match(db: sqlite3.Connection, query: str) -> Callable[[], list[Any]]:
    phrases = " ".join(f'"{word}"' for word in query.split())
    return lambda: db.execute(MATCH, [phrases]).fetchall()


def memory(place: int) -> dict[str, Any]:
    """Like the record of an attempt: 800 characters of text and 2 KB of metadata."""
    experiment, problem = f"exp_{place // 12:08x}", f"HumanEval/{place // 12 % 164}"
    said = " ".join(random.Random(place).choices(WORDS, k=120))
    return {
        "title": f"Koderz iteration {place % 12} of {experiment} {problem} kz{place:012x}",
        "content": f"failed, tests {place % 8}/7\nassertion failed in the loop\n\ndef f(x):\n    return {said}",
        "tags": ["iteration", experiment, problem, f"iter_{place % 12}", "qwen2.5-coder:0.5b"],
        "metadata": {"koderz": 1, "key": f"{experiment}/step/{place % 12}", "payload": {"code": said, "raw": said}},
    }


def columns(note: dict[str, Any]) -> list[str]:
    return [note["title"], note["content"], json.dumps(note["tags"]), json.dumps(note["metadata"])]


def fill(path: Path, rows: int) -> None:
    db = tables.connect(path)
    db.execute("BEGIN")
    db.executemany(INSERT, _filling(rows))
    db.execute("COMMIT")
    db.close()


def _filling(rows: int) -> Iterator[list[str]]:
    return (columns(memory(place)) for place in range(rows))


if __name__ == "__main__":
    main()
