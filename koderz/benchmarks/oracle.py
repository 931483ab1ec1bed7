"""The oracle is tried before it is trusted: the reference solution must pass, and its time sets the time limit."""

from __future__ import annotations

from dataclasses import replace

from koderz.benchmarks.verdicts import limits
from koderz.core.errors import DatasetError
from koderz.core.ports import Benchmark, Sandbox

_FLOOR_S, _MOST_S, _TIMES = 1.0, 3.0, 10.0
_REFERENCE_S = 30.0


async def calibrated(benchmark: Benchmark, sandbox: Sandbox, problem_id: str) -> float | None:
    """CPU seconds that a solution gets here: ten times what the reference takes, but 1 to 3 s.

    ``None`` where the data set has no reference or its time can't be told. Raises `DatasetError` where it fails.
    """
    code = benchmark.reference(problem_id)
    if code is None:
        return None
    plan = replace(benchmark.plan(problem_id, code), limits=limits(_REFERENCE_S))
    verdict = benchmark.judge(plan, await sandbox.run(plan))
    if not verdict.passed:
        raise DatasetError(
            f"The reference solution of {problem_id} fails its own tests on this machine, so no other verdict on them "
            f"can be believed: {verdict.feedback} Type: koderz doctor"
        )
    return None if verdict.cpu_s is None else time_limit(verdict.cpu_s)


def time_limit(reference_cpu_s: float) -> float:
    """Rounded up to a tenth, so that the same machine says the same again."""
    return min(_MOST_S, max(_FLOOR_S, round(_TIMES * reference_cpu_s + 0.05, 1)))
