"""Asks again after an error that may go away."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import anyio
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)

from koderz.core.errors import ModelError
from koderz.core.ports import OnText, ignore_text
from koderz.core.types import Completion, ModelRequest
from koderz.models.public_calls import PublicCalls
from koderz.models.wrapper import Wrapper

Sleep = Callable[[float], Awaitable[None]]

LONGEST_WISH_S = 600.0
"""A server that asks for more is not waited for: a person should decide about that."""

_backoff = wait_exponential(multiplier=2, max=60)
_jitter = wait_random(0, 0.5)


class Retrying(Wrapper):
    """Asks again after a retryable error: first after 2 s, then twice as long each time, at most 60 s.

    A server's own `retry_after` is waited for where it is longer. Up to half a second at random is added, so that
    those who were refused together do not come back together. `on_text` hears a retried answer from its start.
    """

    def __init__(self, model: PublicCalls, max_retries: int = 3, sleep: Sleep = anyio.sleep) -> None:
        super().__init__(model)
        self.max_retries, self.sleep = max_retries, sleep

    async def complete(self, request: ModelRequest, on_text: OnText = ignore_text) -> Completion:
        """Raises the last error's class, with the number of attempts in the message."""
        asking = AsyncRetrying(
            sleep=self.sleep,
            stop=stop_after_attempt(self.max_retries + 1),
            wait=_wait,
            retry=retry_if_exception(_may_go_away),
            reraise=True,
        )
        try:
            completion: Completion = await asking(self.model.complete, request, on_text)
        except ModelError as error:
            if not error.retryable:
                raise
            raise _given_up(error, int(asking.statistics["attempt_number"])) from error
        attempts = int(asking.statistics["attempt_number"])
        return completion if attempts == 1 else replace(completion, server={**completion.server, "attempts": attempts})


def _may_go_away(error: BaseException) -> bool:
    return isinstance(error, ModelError) and error.retryable and (error.retry_after or 0.0) <= LONGEST_WISH_S


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    wished = error.retry_after if isinstance(error, ModelError) else None
    return max(_backoff(state), wished or 0.0) + _jitter(state)


def _given_up(error: ModelError, attempts: int) -> ModelError:
    wish = f" The server asks to wait {error.retry_after:.0f} s." if not _may_go_away(error) else ""
    times = "1 attempt" if attempts == 1 else f"{attempts} attempts"
    return type(error)(f"{error}{wish} Gave up after {times}.", error.retry_after)
