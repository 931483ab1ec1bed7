from __future__ import annotations

from collections.abc import Sequence

import anyio
import pytest

from koderz.core.errors import AuthFailed, ModelError, RateLimited, Timeout, Unavailable
from koderz.core.types import Completion, Message, ModelRequest
from koderz.models.retrying import Retrying
from koderz.models.scripted import Scripted, ScriptedClient

REQUEST = ModelRequest("scripted/x", (Message("user", "?"),))


def asked(answers: Sequence[Scripted], max_retries: int = 3) -> tuple[Completion | ModelError, list[float], int]:
    """What came of it, the waits, and how often the model was asked."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    script = ScriptedClient(answers)
    try:
        outcome: Completion | ModelError = anyio.run(Retrying(script, max_retries, sleep).complete, REQUEST)
    except ModelError as error:
        outcome = error
    return outcome, waits, len(script.requests)


def test_a_model_that_answers_is_asked_once() -> None:
    outcome, waits, asks = asked(["yes"])
    assert isinstance(outcome, Completion)
    assert (outcome.text, waits, asks) == ("yes", [], 1)
    assert "attempts" not in outcome.server


def test_a_retryable_error_is_asked_again_after_growing_waits() -> None:
    outcome, waits, asks = asked([Unavailable("a"), Timeout("b"), RateLimited("c"), "yes"])
    assert isinstance(outcome, Completion)
    assert outcome.server["attempts"] == asks == 4
    for wait, least in zip(waits, (2, 4, 8), strict=True):
        assert least <= wait <= least + 0.5


def test_no_wait_is_longer_than_a_minute() -> None:
    _, waits, _ = asked([Unavailable("down")], max_retries=8)
    assert 60 <= max(waits) <= 60.5


def test_the_servers_own_wish_is_waited_for() -> None:
    _, waits, _ = asked([RateLimited("slow down", retry_after=93), "yes"])
    assert 93 <= waits[0] <= 93.5


def test_those_who_were_refused_together_do_not_come_back_together() -> None:
    waits = {asked([RateLimited("slow down", retry_after=5), "yes"])[1][0] for _ in range(20)}
    assert len(waits) > 10


def test_a_wish_for_longer_than_anyone_would_wait_is_told_at_once() -> None:
    outcome, waits, asks = asked([RateLimited("slow down", retry_after=3600), "never reached"])
    assert (waits, asks) == ([], 1)
    assert str(outcome) == "slow down The server asks to wait 3600 s. Gave up after 1 attempt."


def test_a_wish_for_less_does_not_shorten_the_wait() -> None:
    _, waits, _ = asked([RateLimited("slow down", retry_after=0), "yes"])
    assert waits[0] >= 2


def test_after_the_last_attempt_the_last_error_is_told() -> None:
    outcome, waits, asks = asked([Unavailable("first"), RateLimited("last", retry_after=5)])
    assert isinstance(outcome, RateLimited)
    assert (asks, len(waits)) == (4, 3)
    assert str(outcome) == "last Gave up after 4 attempts."
    assert isinstance(outcome.__cause__, RateLimited)


@pytest.mark.parametrize("error", [AuthFailed("no key"), ModelError("no")])
def test_an_error_that_will_not_go_away_is_not_retried(error: ModelError) -> None:
    outcome, waits, asks = asked([error, "never reached"])
    assert (outcome, waits, asks) == (error, [], 1)


def test_no_retries_means_one_attempt() -> None:
    outcome, _, asks = asked([Unavailable("down"), "never reached"], max_retries=0)
    assert asks == 1
    assert str(outcome).endswith("Gave up after 1 attempt.")
