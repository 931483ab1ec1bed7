from __future__ import annotations

import anyio

from koderz.benchmarks.humaneval import execute_solution


def test_bare_assertions_need_no_entry_point() -> None:
    result = execute_solution("def f(): return 42", "assert f() == 42")
    assert result == {
        "success": True,
        "tests_passed": 1,
        "tests_total": 1,
        "test_pass_rate": 1.0,
        "stdout": "",
        "stderr": "",
        "error": "",
    }


def test_half_right_code_gets_half_the_rate_and_the_reason() -> None:
    tests = "def check(candidate):\n    assert candidate(1) == 1\n    assert candidate(2) == 3"
    result = execute_solution("def f(x):\n    print(x)\n    return x", tests, "f")
    assert (result["success"], result["tests_passed"], result["tests_total"]) == (False, 1, 2)
    assert result["test_pass_rate"] == 0.5
    assert result["stdout"] == "1\n2\n"
    assert "f(2) returned 2" in result["error"]


def test_check_finds_the_function_without_an_entry_point() -> None:
    assert execute_solution("def f(x):\n    return x", "def check(c):\n    assert c(1) == 1")["success"]


def test_it_works_while_an_event_loop_runs() -> None:
    async def inside() -> bool:
        return bool(execute_solution("def f(): return 42", "assert f() == 42")["success"])

    assert anyio.run(inside)


def test_a_timeout_says_after_how_many_seconds() -> None:
    result = execute_solution("def f():\n    while True: pass", "assert f() == 42", timeout=0.2)
    assert (result["success"], result["tests_total"]) == (False, 1)
    assert result["error"].startswith("Timeout after 0.2 seconds")


def test_code_that_does_not_parse_is_a_failure_and_not_an_exception() -> None:
    result = execute_solution("def f(: return 42", "assert f() == 42")
    assert (result["success"], result["test_pass_rate"]) == (False, 0.0)
    assert "SyntaxError" in result["error"]
