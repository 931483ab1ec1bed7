from __future__ import annotations

import builtins

import pytest

from koderz.core.types import Plan
from koderz.sandbox.pool import ProcessSandbox

ERRORS = sorted(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, Exception) and not issubclass(value, ExceptionGroup)
)


@pytest.mark.parametrize("name", ERRORS)
def test_a_test_can_expect_each_builtin_exception(name: str, sandbox: ProcessSandbox) -> None:
    code = f"def f():\n    error = {name}.__new__({name})\n    raise error"
    expects = f"try:\n    f()\nexcept {name}:\n    pass\nassert f() == 1"
    report = sandbox.evaluate(Plan(code, expects, "f"))
    assert [test.passed for test in report.tests] == [True, False]
    assert report.tests[1].error_class == vars(builtins)[name].__name__


@pytest.mark.parametrize("name", ["SystemExit", "KeyboardInterrupt", "GeneratorExit", "BaseException"])
def test_an_exception_that_would_end_the_scorer_is_an_ordinary_failure(name: str, sandbox: ProcessSandbox) -> None:
    report = sandbox.evaluate(Plan(f"def f():\n    raise {name}", "assert f() == 1\nassert f() == 2", "f"))
    assert [test.error_class for test in report.tests] == [name, name]
