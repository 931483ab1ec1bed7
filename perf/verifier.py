"""How fast is the verifier? The 164 HumanEval references, as a ratio to a plain fork without any isolation.

    python perf/verifier.py [rounds]

"plain" is a warm process that forks once per evaluation, executes solution and tests in the child, and believes its
exit status: the least that one fork per evaluation can cost. Rounds alternate at random, so that a busy machine slows
all ways alike; the median round counts. With as many workers as cores.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context

from koderz.benchmarks.humaneval import HumanEval
from koderz.core.types import Plan
from koderz.sandbox.pool import ProcessSandbox

Way = Callable[[Sequence[Plan]], None]


def plain(plan: Plan) -> int:
    pid = os.fork()
    if pid == 0:
        namespace: dict[str, object] = {}
        exec(f"{plan.code}\n{plan.tests}\ncheck({plan.entry_point})\n", namespace)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def seconds(way: Way, plans: Sequence[Plan]) -> float:
    start = time.perf_counter()
    way(plans)
    return time.perf_counter() - start


def measure(workers: int, rounds: int, plans: Sequence[Plan]) -> None:
    sandbox = ProcessSandbox(workers)
    threads = ThreadPoolExecutor(workers)
    with get_context("fork").Pool(workers) as processes, threads:

        def forks(plans: Sequence[Plan]) -> None:
            assert not any(processes.imap_unordered(plain, plans, chunksize=4))

        def confined(plans: Sequence[Plan]) -> None:
            assert all(test.passed for report in threads.map(sandbox.evaluate, plans) for test in report.tests)

        ways: dict[str, Way] = {"plain fork": forks, "koderz": confined}
        times: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name in random.sample(list(ways), len(ways)):
                times[name].append(seconds(ways[name], plans))
    sandbox.close()
    base = statistics.median(times["plain fork"])
    for name, found in times.items():
        middle = statistics.median(found)
        print(f"{workers} workers  {name:12} {len(plans) / middle:7.1f} evaluations/s  {base / middle:5.2f} of plain")


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    benchmark = HumanEval()
    plans = [benchmark.plan(problem.id, benchmark.reference(problem.id)) for problem in benchmark.problems()]
    for workers in (1, 2):
        measure(workers, rounds, plans)


if __name__ == "__main__":
    main()
