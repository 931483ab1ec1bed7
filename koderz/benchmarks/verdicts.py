"""From what a sandbox saw to a verdict with words that a model can work with. The same for every benchmark."""

from __future__ import annotations

from koderz.core.types import Limits, Plan, Report, Status, Verdict

_FEEDBACK = 1500


def limits(timeout_s: float | None) -> Limits:
    """CPU seconds as wished, with wall time enough for a busy machine."""
    return Limits() if timeout_s is None else Limits(cpu_s=timeout_s, wall_s=max(15.0, 5 * timeout_s))


def judged(plan: Plan, report: Report) -> Verdict:
    """Passed only when the code outlived its tests, there were tests, and all of them passed."""
    passed = sum(test.passed for test in report.tests)
    total = len(report.tests)
    return Verdict(
        status=_status(report, passed, total),
        tests_passed=passed,
        tests_total=total or None,
        feedback=_feedback(plan, report, passed, total),
        tests=report.tests,
        level=report.level,
        stdout=report.stdout,
        stderr=report.stderr,
        cpu_s=report.cpu_s,
    )


def _status(report: Report, passed: int, total: int) -> Status:
    if report.ended in ("cpu_limit", "wall_limit"):
        return "timeout"
    return "passed" if report.ended == "done" and 0 < total == passed else "failed"


def _feedback(plan: Plan, report: Report, passed: int, total: int) -> str:
    if report.ended == "done" and 0 < total == passed:
        return ""
    lines = [_ending(plan, report)]  # the first line is what a person is shown
    if report.ended != "load_error":
        failure = next((test for test in report.tests if not test.passed), None)
        lines += [failure.message] if failure else []
        lines += [f"{passed} of {total} tests passed."] if total else ["No test was reached."]
    return "\n".join(line for line in lines if line)[:_FEEDBACK]


def _ending(plan: Plan, report: Report) -> str:
    match report.ended:
        case "done":
            return ""
        case "load_error":
            return f"The code could not be loaded: {report.error}"
        case "cpu_limit":
            return f"Timeout after {plan.limits.cpu_s:g} seconds"
        case "wall_limit":
            return f"Timeout after {plan.limits.wall_s:g} seconds"
        case "died":
            return report.error
