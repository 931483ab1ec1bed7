"""A benchmark of one problem and a sandbox that runs nothing, for tests of the engine and of strategies."""

from __future__ import annotations

from collections.abc import Sequence

from koderz.core.types import Plan, Problem, Report, TestOutcome, Verdict

PROBLEM = Problem("Toy/0", "toy", 'def double(x):\n    """Twice x."""\n', "double")


class ToySandbox:
    """Passes as many of four tests as the code has the word `right` in it, at most four."""

    async def run(self, plan: Plan) -> Report:
        passed = min(4, plan.code.count("right"))
        return Report("done", tuple(TestOutcome(number < passed) for number in range(4)), "toy")


class ToyBenchmark:
    name = "toy"
    dataset_hash = "toy"

    def problems(self) -> Sequence[Problem]:
        return (PROBLEM,)

    def plan(self, problem_id: str, code: str) -> Plan:
        return Plan(code, tests="", entry_point="double")

    def reference(self, problem_id: str) -> str | None:
        return None

    def judge(self, plan: Plan, report: Report) -> Verdict:
        passed = sum(test.passed for test in report.tests)
        total = len(report.tests)
        if passed == total:
            return Verdict("passed", passed, total, "", report.tests, report.level)
        return Verdict("failed", passed, total, f"{passed} of {total}", report.tests, report.level)
