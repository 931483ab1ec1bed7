"""What a function does to its arguments is seen by tests that look."""

from __future__ import annotations

import pytest

from koderz.core.types import Plan
from koderz.sandbox.pool import ProcessSandbox


@pytest.mark.parametrize(
    ("code", "tests", "marks"),
    [
        ("def f(x):\n    x.append(3)", "x = [1]\nf(x)\nassert x == [1, 3]", "+"),
        ("def f(x):\n    x.append(3)", "x = [1]\nf(x)\nassert x == [1]", "-"),
        ("def f(x):\n    x.sort()\n    return x", "x = [2, 1]\nassert f(x) == [1, 2]\nassert f(x) == x", "++"),
        ("def f(x):\n    x.pop('a')", "x = {'a': 1, 'b': 2}\nf(x)\nassert x == {'b': 2}", "+"),
        ("def f(x):\n    x.add(2)", "x = {1}\nf(x=x)\nassert f(x) is None and x == {1, 2}", "+"),
        ("def f(x):\n    x[0].append(1)", "x = [[]]\nf(x)\nassert x == [[1]]", "+"),
        ("def f(x):\n    return list(x)", "x = [1]\nassert f(x) == x", "+"),
    ],
)
def test_arguments_are_as_the_code_left_them(sandbox: ProcessSandbox, code: str, tests: str, marks: str) -> None:
    for _ in range(2):
        report = sandbox.evaluate(Plan(code, tests, "f"))
        assert "".join("+" if test.passed else "-" for test in report.tests) == marks, report


def test_what_was_passed_is_shown_as_it_was_before_the_call(sandbox: ProcessSandbox) -> None:
    (test,) = sandbox.evaluate(Plan("def f(x):\n    x.clear()\n    return 1", "x = [5]\nassert f(x) == 2", "f")).tests
    assert test.message == "assert f(x) == 2\nf([5]) returned 1"
