from __future__ import annotations

from koderz.core.types import Attempt
from koderz.strategies.zero_shot import ZeroShot
from tests.unit.strategies.driving import drive, failing, prompt_of


def test_it_makes_one_attempt_whatever_comes_back() -> None:
    (action,) = drive(ZeroShot(), failing)
    assert isinstance(action, Attempt)
    assert action.role == "coder"
    assert ZeroShot().roles() == {"coder"}


def test_without_cot_it_asks_for_the_code_block_alone() -> None:
    (with_reasoning,) = drive(ZeroShot(), failing)
    (without,) = drive(ZeroShot(cot=False), failing)
    assert "Think the problem through" in prompt_of(with_reasoning)
    assert "Think the problem through" not in prompt_of(without)
