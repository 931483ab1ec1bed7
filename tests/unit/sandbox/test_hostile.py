from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from koderz.benchmarks.verdicts import judged
from koderz.core.types import Limits, Plan
from koderz.sandbox.pool import ProcessSandbox

PROGRAMS = sorted((Path(__file__).parents[2] / "hostile").glob("*.py"))
TESTS = "def check(candidate):\n    assert candidate(1) == 2\n    assert candidate(5) == 6\n"
LIMITS = Limits(cpu_s=1.0, wall_s=4.0)
SECRET = "canary-secret-value"
INNOCENT = """
import builtins, json, math, random, re, sys
def f(x):
    print(json.dumps([math.sqrt(4), bool(re.match("a", "a")), sorted([2, 1]), random.random() < 1]))
    return x + 1
"""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[ProcessSandbox]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_API_KEY", SECRET)
        sandbox = ProcessSandbox(workers=1)
        yield sandbox
        sandbox.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_a_hostile_program_forges_nothing_harms_nothing_and_leaves_nothing(
    program: Path, sandbox: ProcessSandbox, listener: socket.socket, tmp_path: Path
) -> None:
    canary = tmp_path / "canary"
    canary.write_text("unharmed")
    canary.chmod(0o666)
    for folder in tmp_path.parents[:2]:
        folder.chmod(0o755)  # so that file permissions are not what protects the canary
    tmp_path.chmod(0o777)
    before = canary.stat()
    source = program.read_text("utf-8")
    code = source.replace("CANARY", str(canary)).replace("PORT", str(listener.getsockname()[1]))

    report = sandbox.evaluate(plan := Plan(code, TESTS, "f", limits=LIMITS))
    verdict = judged(plan, report)

    assert verdict.status in source.splitlines()[0].removeprefix("# expected: ").split(" or "), report
    assert len(verdict.stdout) <= LIMITS.output_bytes
    assert SECRET not in repr(report)
    assert list(tmp_path.iterdir()) == [canary]
    assert canary.read_text() == "unharmed"
    assert canary.stat().st_mtime_ns == before.st_mtime_ns
    assert canary.stat().st_mode == before.st_mode
    with pytest.raises(BlockingIOError):
        listener.accept()
    innocent = Plan(INNOCENT, TESTS, "f", limits=LIMITS)
    following = judged(innocent, sandbox.evaluate(innocent))
    assert following.passed, following.feedback
    assert following.stdout == "[2.0, true, [1, 2], true]\n" * 2
