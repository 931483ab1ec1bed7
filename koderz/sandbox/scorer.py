"""The process that runs trusted tests against a candidate and counts. It holds no keys and no environment.

It may block: it serves one evaluation at a time, asked for on standard input, and ends when Koderz does.
"""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import lru_cache
from types import CodeType
from typing import Any

from koderz.core.errors import SandboxError
from koderz.core.types import Limits, Plan, Report, TestOutcome
from koderz.sandbox import frames
from koderz.sandbox.assertions import FAILED, TEST, Instrumented, defined_names, instrument, wanted_names
from koderz.sandbox.candidate import Candidate, Proxy, Zygote
from koderz.sandbox.codec import Opaque
from koderz.sandbox.record import CandidateError, Record, Stopped, clean

_MEMORY = 4 * 1024**3
"""What the tests may make of the candidate's values: enough for any, too little to hurt the machine."""


def main() -> None:
    replies = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDWR), 1)  # a test that prints must not print into the replies
    try:
        zygote = Zygote()
        Candidate(zygote, Plan("", ""), Record([])).close()  # a child that can't be confined says so here
    except SandboxError as error:
        _reply(replies, {"error": str(error)})
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    sys.setrecursionlimit(3000)
    _reply(replies, {"level": zygote.level})
    while True:
        try:
            plan = _plan(frames.receive(0))
        except EOFError:
            return
        try:
            _reply(replies, {"report": asdict(evaluate(plan, zygote))})
        except (SyntaxError, SandboxError) as error:
            _reply(replies, {"error": f"{type(error).__name__}: {error}", "tests": isinstance(error, SyntaxError)})


def _plan(body: bytes) -> Plan:
    fields = json.loads(body)
    return Plan(**{**fields, "limits": Limits(**fields["limits"])})


def _reply(descriptor: int, message: dict[str, Any]) -> None:
    frames.send(descriptor, json.dumps(message).encode())


def evaluate(plan: Plan, zygote: Zygote) -> Report:
    """Raises `SyntaxError` when the trusted tests do not parse."""
    names = [plan.entry_point] if plan.entry_point else wanted_names(plan.code, plan.tests, plan.setup)
    program = instrument(plan.tests, tuple(names))
    record = Record(program.sources)
    candidate = Candidate(zygote, plan, record)
    try:
        with suppress(Stopped), _wall_limit(plan.limits.wall_s, candidate.out_of_time):
            candidate.load(plan.code, plan.seed)
            _run(plan, program, candidate, record, names)
        stdout, stderr = candidate.printed()
    finally:
        candidate.close()
    return Report(
        ended=candidate.ended,
        tests=tuple(record.outcomes),
        level=zygote.level,
        error=clean(candidate.error),
        stdout=stdout,
        stderr=stderr,
        cpu_s=candidate.cpu_s,
    )


def _run(plan: Plan, program: Instrumented, candidate: Candidate, record: Record, names: list[str]) -> None:
    """What goes wrong outside an assertion is one more failed test: nothing that happens here can add a pass."""
    random.seed(plan.seed)
    namespace: dict[str, Any] = {"__name__": "tests", TEST: record.test, FAILED: record.failed}
    main_name = plan.entry_point or (defined_names(plan.code) or ["candidate"])[-1]
    try:
        exec(_setup(plan.setup), namespace)
        namespace["candidate"] = Proxy(candidate, main_name)
        for name in names:
            namespace[name] = Proxy(candidate, name) if plan.entry_point else _bound(candidate, name)
        exec(program.code, namespace)
        if program.calls_check:
            namespace["check"](namespace["candidate"])
    except SyntaxError:
        raise
    except (Exception, Stopped) as error:  # noqa: BLE001 - tests may raise anything
        kind = error.kind if isinstance(error, (CandidateError, Stopped)) else type(error).__name__
        record.outcomes.append(TestOutcome(False, "", kind, clean(f"{kind}: {error}"[:500])))


def _bound(candidate: Candidate, name: str) -> Any:
    """A function or class by proxy, a constant by value; what is missing fails when it is used."""
    try:
        callable_, value = candidate.request("get", name)
    except (CandidateError, Stopped, TypeError, ValueError):
        return Proxy(candidate, name)
    return Proxy(candidate, name) if callable_ is True else value if callable_ is False else Opaque("unknown")


@lru_cache(maxsize=1024)
def _setup(source: str) -> CodeType:
    return compile(source, "setup", "exec")


@contextmanager
def _wall_limit(seconds: float, out_of_time: Callable[[], Stopped]) -> Iterator[None]:
    """Also catches tests that are slow themselves, say over a huge value that the candidate returned."""

    def ring(_: int, __: object) -> None:
        raise out_of_time()

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds + 0.5, 1.0)  # again and again: a test may swallow it
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
