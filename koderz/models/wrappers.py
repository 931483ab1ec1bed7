"""Clients around clients: the same interface, the caller unaware."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Self

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
from koderz.settings import SECRET_LENGTH

Sleep = Callable[[float], Awaitable[None]]

_backoff = wait_exponential(multiplier=2, max=60) + wait_random(0, 0.5)


class Retrying(PublicCalls):
    """Asks again after a retryable error: first after 2 s, then twice as long each time, at most 60 s.

    A server's own `retry_after` is waited for where it is longer. `on_text` hears a retried answer from its start.
    """

    def __init__(self, model: PublicCalls, max_retries: int = 3, sleep: Sleep = anyio.sleep) -> None:
        self.model, self.max_retries, self.sleep = model, max_retries, sleep

    def fresh(self) -> Self:
        return type(self)(self.model.fresh(), self.max_retries, self.sleep)

    async def complete(self, request: ModelRequest, on_text: OnText = ignore_text) -> Completion:
        """Raises the last error's class, with the number of attempts in the message."""
        asking = AsyncRetrying(
            sleep=self.sleep,
            stop=stop_after_attempt(self.max_retries + 1),
            wait=_wait,
            retry=retry_if_exception(lambda error: isinstance(error, ModelError) and error.retryable),
            reraise=True,
        )
        try:
            completion: Completion = await asking(self.model.complete, request, on_text)
        except ModelError as error:
            if not error.retryable:
                raise
            raise type(error)(f"{error} Gave up after {_times(self.max_retries + 1)}.", error.retry_after) from error
        attempts = int(asking.statistics["attempt_number"])
        return completion if attempts == 1 else replace(completion, server={**completion.server, "attempts": attempts})

    async def aclose(self) -> None:
        await self.model.aclose()


class Redacting(PublicCalls):
    """Replaces the given secrets wherever an answer repeats them, before anybody keeps or shows it."""

    def __init__(self, model: PublicCalls, secrets: Sequence[str]) -> None:
        self.model, self.secrets = (
            model,
            tuple(sorted((each for each in secrets if len(each) >= SECRET_LENGTH), key=len, reverse=True)),
        )

    def fresh(self) -> Self:
        return type(self)(self.model.fresh(), self.secrets)

    async def complete(self, request: ModelRequest, on_text: OnText = ignore_text) -> Completion:
        completion = await self.model.complete(request, on_text)
        if not any(secret in completion.text for secret in self.secrets):
            return completion
        text = completion.text
        for secret in self.secrets:
            text = text.replace(secret, "[redacted]")
        return replace(completion, text=text)

    async def aclose(self) -> None:
        await self.model.aclose()


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    wished = error.retry_after if isinstance(error, ModelError) else None
    return max(_backoff(state), wished or 0.0)


def _times(attempts: int) -> str:
    return "1 attempt" if attempts == 1 else f"{attempts} attempts"
