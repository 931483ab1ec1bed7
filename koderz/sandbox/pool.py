"""`ProcessSandbox`: a pool of scorers, each with its own zygote, behind `core.ports.Sandbox`."""

from __future__ import annotations

import json
import os
import queue
import select
import subprocess
import threading
import time
from dataclasses import asdict

import anyio.to_thread
from anyio.lowlevel import RunVar

from koderz.core.errors import SandboxError
from koderz.core.types import Plan, Report
from koderz.sandbox import frames
from koderz.sandbox.codec import CodecError
from koderz.sandbox.launch import python
from koderz.utils.codec import loads

_GRACE_S = 5.0
_START_S = 60.0
_EVALUATIONS = 2000
"""After so many a worker is replaced, so that nothing can build up."""


class _Died(Exception):
    pass


class _Overdue(Exception):
    pass


class _Worker:
    """A scorer process. Not for use by two threads at once."""

    def __init__(self) -> None:
        self._process = python("koderz.sandbox.scorer", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdin
        assert self._process.stdout
        self._in, self._out = self._process.stdin.fileno(), self._process.stdout.fileno()
        self.evaluations = 0
        try:
            hello = self._receive(_START_S)
        except (_Died, _Overdue) as error:
            self.kill()
            raise SandboxError("The sandbox's scorer process does not start. Type: koderz doctor") from error
        if "error" in hello:
            self.kill()
            raise SandboxError(f"Code can't be run confined here, so it is not run at all: {hello['error']}")
        self.level = str(hello["level"])

    def evaluate(self, plan: Plan) -> Report:
        self.evaluations += 1
        try:
            frames.send(self._in, json.dumps(asdict(plan)).encode())
        except (BrokenPipeError, CodecError) as error:
            raise _Died(str(error)) from error
        answer = self._receive(plan.limits.wall_s + _GRACE_S)
        if answer.get("tests"):
            raise SandboxError(f"The tests can't be run: {answer['error']}")
        if "error" in answer:
            raise _Died(str(answer["error"]))
        return loads(Report, json.dumps(answer["report"]))

    def kill(self) -> None:
        """With the scorer its zygote dies, and with that its child."""
        self._process.kill()
        self._process.communicate()

    def _receive(self, seconds: float) -> dict[str, object]:
        deadline = time.monotonic() + seconds
        waiting = select.poll()
        waiting.register(self._out, select.POLLIN)
        if not waiting.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise _Overdue
        try:
            message: dict[str, object] = json.loads(frames.receive(self._out))
        except (EOFError, OSError, ValueError, CodecError) as error:
            raise _Died("the scorer process ended by itself") from error
        return message


class ProcessSandbox:
    """Runs candidate code in processes confined by seccomp, and by Landlock where the kernel has it.

    The candidate can compute, print and return plain values. It can open no file, socket or process, signal or trace
    nobody, see no environment; and it never sees the tests, so that it can't say how they ended.

    Not protected: the machine's time and memory up to the limits, against bugs of the kernel itself, and against
    timing side channels. Hashes of strings differ from one worker to the next, so that code whose answer hangs on the
    order of a set can be judged differently. Linux only; elsewhere every call raises `SandboxError`.
    """

    def __init__(self, workers: int | None = None) -> None:
        self._size = workers or os.cpu_count() or 1
        self._places: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        self._alive: set[_Worker] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._limiter: RunVar[anyio.CapacityLimiter] = RunVar(f"sandbox-{id(self)}")
        for _ in range(self._size):
            self._places.put(None)

    async def run(self, plan: Plan) -> Report:
        """Raises `SandboxError` when the sandbox itself fails, twice in a row."""
        limiter = self._limiter.get(None)  # one for each event loop
        if limiter is None:
            limiter = anyio.CapacityLimiter(self._size)
            self._limiter.set(limiter)
        return await anyio.to_thread.run_sync(self.evaluate, plan, limiter=limiter, abandon_on_cancel=True)

    def evaluate(self, plan: Plan) -> Report:
        """The same for callers without an event loop; from any thread."""
        fault = ""
        for _ in range(2):
            worker = self._take()
            try:
                report = worker.evaluate(plan)
            except _Died as error:
                fault = str(error)
                self._drop(worker)
            except _Overdue:  # the tests themselves hung in what the code returned: that is the code's time
                self._drop(worker)
                error_text = f"Timeout after {plan.limits.wall_s:g} seconds"
                return Report("wall_limit", (), worker.level, error_text)
            except BaseException:
                self._drop(worker)
                raise
            else:
                self._put_back(worker)
                return report
        raise SandboxError(f"The sandbox failed twice on the same code ({fault}). Type: koderz doctor")

    def level(self) -> str:
        """The isolation in force, as stored in every report. Starts a worker to find out."""
        worker = self._take()
        self._put_back(worker)
        return worker.level

    async def aclose(self) -> None:
        await anyio.to_thread.run_sync(self.close)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            workers, self._alive = self._alive, set()
        for worker in workers:
            worker.kill()

    def _take(self) -> _Worker:
        place = self._places.get()
        if place is not None:
            return place
        try:
            worker = _Worker()
        except BaseException:
            self._places.put(None)
            raise
        with self._lock:
            self._alive.add(worker)
        return worker

    def _put_back(self, worker: _Worker) -> None:
        if self._closed or worker.evaluations >= _EVALUATIONS:
            self._drop(worker)
        else:
            self._places.put(worker)

    def _drop(self, worker: _Worker) -> None:
        with self._lock:
            mine = worker in self._alive
            self._alive.discard(worker)
        if mine:
            worker.kill()
        self._places.put(None)
