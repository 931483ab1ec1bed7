from __future__ import annotations

from koderz.core.types import Plan
from koderz.sandbox.pool import ProcessSandbox

CODE = "def order():\n    return ''.join({'alpha', 'beta', 'gamma', 'delta', 'epsilon'})"
TEST = "assert order() == 'none of these orders'"


def test_sets_have_the_same_order_in_every_worker() -> None:
    told = set()
    for _ in range(4):
        sandbox = ProcessSandbox(workers=1)
        try:
            told.add(sandbox.evaluate(Plan(CODE, TEST, "order")).tests[0].message)
        finally:
            sandbox.close()
    assert len(told) == 1
