"""What one process of Koderz takes as the number of evaluations grows: time for each, and memory."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import cycle, islice
from pathlib import Path

from rich.table import Table

from koderz.benchmarks.verdicts import judged
from koderz.core.types import Plan
from koderz.sandbox.pool import ProcessSandbox

WORKERS = 2


def grow(sizes: Sequence[int], plans: Sequence[Plan]) -> Table:
    """One line for each size; the evaluations of a line go on from those of the line before. A new sandbox takes its
    turn after each line, so that a machine that gets slower meanwhile is not mistaken for growth."""
    sandbox = ProcessSandbox(WORKERS)
    table = Table(
        "evaluations", "seconds", "ms each, since the line above", "in a new sandbox", "memory, MiB", "processes"
    )
    supply = cycle(plans)
    done, total = 0, 0.0
    for size in sizes:
        seconds = evaluate(sandbox, list(islice(supply, size - done)))
        family = list(descendants(os.getpid()))
        memory = sum(map(resident, family)) / 1024**2
        total += seconds
        each = (1000 * seconds / (size - done), 1000 * in_a_new_sandbox(plans) / len(plans))
        table.add_row(f"{size:,}", f"{total:.1f}", *map("{:.2f}".format, each), f"{memory:.1f}", str(len(family)))
        done = size
    sandbox.close()
    return table


def evaluate(sandbox: ProcessSandbox, plans: Sequence[Plan]) -> float:
    """Seconds for all of them."""
    with ThreadPoolExecutor(WORKERS) as threads:
        started = time.perf_counter()
        passed = list(threads.map(lambda plan: judged(plan, sandbox.evaluate(plan)).passed, plans))
        seconds = time.perf_counter() - started
    if not all(passed):
        raise SystemExit(f"{passed.count(False)} references did not pass")
    return seconds


def in_a_new_sandbox(plans: Sequence[Plan]) -> float:
    sandbox = ProcessSandbox(WORKERS)
    evaluate(sandbox, plans)  # to start it
    seconds = evaluate(sandbox, plans)
    sandbox.close()
    return seconds


def descendants(pid: int) -> Iterator[int]:
    """The process itself first."""
    yield pid
    with suppress(OSError):
        for listing in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in listing.read_text().split():
                yield from descendants(int(child))


def resident(pid: int) -> int:
    """Bytes in memory; pages shared by several processes count for each."""
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0
