"""Drives a strategy with prepared outcomes; no model, no engine, no fake."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from koderz.core.ports import Strategy
from koderz.core.types import (
    Action,
    Ask,
    Attempt,
    Completion,
    Extraction,
    Outcome,
    Problem,
    Reply,
    Status,
    Trial,
    Usage,
    Verdict,
)

PROBLEM = Problem("Toy/0", "toy", 'def double(x):\n    """Twice x."""\n', "double")


def completion(text: str) -> Completion:
    return Completion(text, "m", "local", Usage(10, 5), Decimal(0), 1.0)


def reply(text: str) -> Reply:
    return Reply(text, completion(text))


def trial(status: Status = "failed", passed: int = 0, total: int | None = 4, code: str = "x = 1") -> Trial:
    verdict = Verdict(status, passed, total, "" if status == "passed" else f"{passed} of {total} tests passed")
    return Trial(Extraction(code, "strict", "fence"), verdict, completion(code))


def drive(strategy: Strategy, answer: Callable[[Action], Outcome]) -> list[Action]:
    """Every action that the strategy asks for, until it returns."""
    asked: list[Action] = []
    solving = strategy.solve(PROBLEM)
    try:
        batch: Sequence[Action] = next(solving)
        while True:
            asked.extend(batch)
            batch = solving.send([answer(action) for action in batch])
    except StopIteration:
        return asked


def failing(action: Action) -> Outcome:
    """Attempts that never pass, at a pass rate that changes, and a review in four sections."""
    match action:
        case Ask(phase="checkpoint"):
            return reply(
                "## Failing test analysis\na\n## Root cause\nb\n## Proposed fix\nUSE THIS\n## Edge cases to verify\nd"
            )
        case Ask():
            return reply("THE SPEC")
        case Attempt(sample=sample):
            return trial(passed=sample % 3, code=f"x = {sample}")
        case _:
            raise AssertionError(action)


def prompt_of(action: Action) -> str:
    assert isinstance(action, Ask | Attempt)
    return "\n".join(message.content for message in action.messages)
