"""Sends what happens to the memory, while the experiment goes on. It can be lost without losing anything."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable

import anyio

from koderz.core.errors import CortexError
from koderz.core.types import Attempt, Event, ExperimentDone, ExperimentSpec, ExperimentStarted, Notice, StepDone
from koderz.cortex.client import CortexClient
from koderz.cortex.records import Record, RecordKind, of_result, of_step

_NOTHING_LOST = "Nothing is lost: the store has all of it."


def ignore_stored(_: RecordKind) -> None:
    """The listener of who does not care."""


class Mirror:
    """A `Recorder` that never waits and never fails.

    One task runs `run`, which connects at the first record; at the end of a command `drain` waits for the
    last one. When the memory fails, `on_notice` is told once and the rest is dropped. `on_stored` is told
    what kind of record has just been stored.
    """

    def __init__(
        self,
        client: CortexClient,
        on_notice: Callable[[Notice], None],
        on_stored: Callable[[RecordKind], None] = ignore_stored,
    ) -> None:
        self._client = client
        self._on_notice = on_notice
        self._on_stored = on_stored
        self._specs: dict[str, ExperimentSpec] = {}
        self._attempts: Counter[str] = Counter()
        self._queue: deque[Record] = deque()
        self._news = anyio.Event()
        self._draining = False
        self._done = anyio.Event()
        self._running: anyio.CancelScope | None = None

    def on(self, event: Event) -> None:
        match event:
            case ExperimentStarted(spec=spec):
                self._specs[spec.id] = spec
            case StepDone(experiment_id=identity, step=step) if identity in self._specs:
                self._attempts[identity] += isinstance(step.action, Attempt)
                self._put(of_step(self._specs[identity], step, self._attempts[identity]))
            case ExperimentDone(result=result):
                self._specs.pop(result.spec.id, None)
                self._attempts.pop(result.spec.id, None)
                self._put(of_result(result))
            case _:
                pass

    def _put(self, record: Record | None) -> None:
        if record is not None and not self._done.is_set():
            self._queue.append(record)
            self._news.set()

    async def run(self) -> None:
        """Sends records until `drain` or the first failure."""
        try:
            with anyio.CancelScope() as self._running:
                await self._news.wait()
                if self._queue:
                    await self._send()
        except CortexError as error:
            if not self._left_behind():
                self._queue.clear()
                self._on_notice(Notice(f"The memory is off for the rest of this command. {error} {_NOTHING_LOST}"))
        finally:
            self._done.set()

    async def _send(self) -> None:
        async with self._client:
            while self._queue or not self._draining:
                while self._queue:
                    record = self._queue[0]
                    await self._client.remember(**record.arguments)
                    self._queue.popleft()
                    self._on_stored(record.kind)
                if not self._draining:
                    self._news = anyio.Event()
                    await self._news.wait()

    async def drain(self, timeout: float) -> None:
        """Waits up to `timeout` seconds until all is sent, and ends `run`. What comes later is dropped."""
        self._draining = True
        self._news.set()
        with anyio.move_on_after(timeout):
            await self._done.wait()
        if self._running is not None:
            self._running.cancel()
            await self._done.wait()
        if self._queue:
            self._on_notice(Notice(f"The memory was too slow: {len(self._queue)} records are missing. {_NOTHING_LOST}"))

    def _left_behind(self) -> bool:
        """A connection that is cut off in the middle of a call fails, too, and that is no news."""
        return self._running is not None and self._running.cancel_called
