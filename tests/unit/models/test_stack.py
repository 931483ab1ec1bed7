from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import anyio
import pytest

from koderz.core.errors import BudgetExceeded, Unavailable
from koderz.models.budgeted import Ledger
from koderz.models.scripted import ScriptedClient
from koderz.models.stack import Answers, CallPolicy, dressed
from tests.unit.models.asking import Clock, answer, request

SECRET = "sk-test-0123456789"


def test_any_client_can_wear_everything(tmp_path: Path) -> None:
    clock = Clock()
    scripts = [ScriptedClient([Unavailable("down")]), ScriptedClient([answer(f"the key is {SECRET}")])]
    ledger = Ledger(max_usd=Decimal("0.02"))
    policy = CallPolicy(3, 2, requests_per_minute=600, tokens_per_minute=60_000, sleep=clock.sleep)
    model = dressed(scripts, policy, secrets=[SECRET], answers=Answers(tmp_path, "s"), ledger=ledger)
    first = anyio.run(model.complete, request())
    assert first.text == "the key is [redacted]"
    again = model.generate("?", model="scripted/x")
    assert again["cost"] == Decimal("0.01"), "a kept answer is charged at its recorded cost"
    assert len(scripts[1].requests) == 1
    assert ledger.spent.calls == 2
    with pytest.raises(BudgetExceeded):
        anyio.run(model.complete, request())
    assert SECRET not in "".join(file.read_text() for file in tmp_path.rglob("*.json"))


def test_the_wait_before_another_attempt_holds_no_slot() -> None:
    async def main() -> str:
        waiting = anyio.Event()

        async def sleep(_: float) -> None:
            waiting.set()
            await anyio.sleep_forever()

        model = dressed([ScriptedClient([Unavailable("down"), "yes"])], CallPolicy(concurrency=1, sleep=sleep))
        async with anyio.create_task_group() as group:
            group.start_soon(model.complete, request())
            await waiting.wait()
            with anyio.fail_after(5):
                text = (await model.complete(request())).text
            group.cancel_scope.cancel()
        return text

    assert anyio.run(main) == "yes"
