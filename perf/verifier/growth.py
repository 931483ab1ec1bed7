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
    """One line for each size; the evaluations of a line go on from those of the line before."""
    sandbox = ProcessSandbox(WORKERS)
    table = Table("evaluations", "seconds", "ms each, since the line above", "memory, MiB", "processes")
    supply = cycle(plans)
    done, total = 0, 0.0
    with ThreadPoolExecutor(WORKERS) as threads:
        for size in sizes:
            part = list(islice(supply, size - done))
            started = time.perf_counter()
            passed = list(threads.map(lambda plan: judged(plan, sandbox.evaluate(plan)).passed, part))
            seconds = time.perf_counter() - started
            if not all(passed):
                raise SystemExit(f"{passed.count(False)} references did not pass")
            done, total = size, total + seconds
            family = list(descendants(os.getpid()))
            memory = sum(map(resident, family)) / 1024**2
            table.add_row(
                f"{done:,}", f"{total:.1f}", f"{1000 * seconds / len(part):.2f}", f"{memory:.1f}", str(len(family))
            )
    sandbox.close()
    return table


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
