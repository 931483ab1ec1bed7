"""Programs whose verdicts are known beforehand, run before any other verdict is believed."""

from __future__ import annotations

from collections.abc import Callable

from koderz.core.types import Plan, Report
from koderz.sandbox.levels import STRICT

_TESTS = "def check(candidate):\n    assert candidate(2) == 4\n    assert candidate(3) == 6\n"
_OPENS = "def double(x):\n    open('/etc/passwd').close()\n    return 2 * x\n"
_CONNECTS = "import socket\ndef double(x):\n    socket.socket().close()\n    return 2 * x\n"
_FORKS = "import os\ndef double(x):\n    os.fork() or os._exit(0)\n    return 2 * x\n"

# what it shows: (code, how many of the two tests pass)
_CANARIES = {
    "a right solution passes": ("def double(x):\n    return 2 * x\n", 2),
    "a wrong solution fails": ("def double(x):\n    return x ** 2\n", 1),
    "an exit is not a pass": ("import os\ndef double(x):\n    os._exit(0)\n", 0),
    "the machine's files can't be opened": (_OPENS, 0),
}
_STRICT_CANARIES = {
    "sockets can't be made": (_CONNECTS, 0),
    "processes can't be started": (_FORKS, 0),
}


Evaluate = Callable[[Plan], Report]


def judged_right(evaluate: Evaluate) -> bool:
    """Whether a known good and a known bad program get their verdicts."""
    pair = list(_CANARIES.values())[:2]
    return all(_passed(evaluate(Plan(code, _TESTS, "double"))) == (right, 2) for code, right in pair)


def self_test(evaluate: Evaluate, level: str) -> list[str]:
    """What is wrong with a sandbox of that level, one sentence each; empty when every canary is judged right.

    Raises `SandboxError` when nothing can be run at all.
    """
    faults = []
    for name, (code, right) in (_CANARIES | (_STRICT_CANARIES if level in STRICT else {})).items():
        report = evaluate(Plan(code, _TESTS, "double"))
        if _passed(report) != (right, 2):
            faults.append(f"Not so: {name} ({_shown(report)}).")
    return faults


def _passed(report: Report) -> tuple[int, int]:
    return sum(test.passed for test in report.tests), len(report.tests)


def _shown(report: Report) -> str:
    passed, total = _passed(report)
    return f"{passed} of {total} tests passed, ended: {report.ended}"
