"""What starting Koderz costs, next to starting Python and importing click.

    python perf/startup.py [ROUNDS]

Candidates take turns, so that a machine that gets slower meanwhile slows all of them alike.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from rich.console import Console
from rich.table import Table

BASE = 'python -c "import click"'
CANDIDATES = {
    'python -c ""': ["-c", ""],
    BASE: ["-c", "import click"],
    'python -c "import koderz"': ["-c", "import koderz"],
    "koderz --help": ["-m", "koderz", "--help"],
}


def main(rounds: int = 20) -> None:
    times: dict[str, list[float]] = {name: [] for name in CANDIDATES}
    for turn in range(rounds + 1):
        for name, arguments in CANDIDATES.items():
            seconds = _run(arguments)
            if turn:  # the first turn fills caches
                times[name].append(1000 * seconds)
    base = statistics.median(times[BASE])
    table = Table("command", "median ms", "fastest ms", "ratio", title=f"Start, {rounds} alternating runs")
    for name, values in times.items():
        median = statistics.median(values)
        table.add_row(name, f"{median:.0f}", f"{min(values):.0f}", f"{median / base:.2f}")
    Console().print(table)


def _run(arguments: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
