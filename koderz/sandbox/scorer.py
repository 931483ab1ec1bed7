"""The process that runs trusted tests against a candidate and counts. It holds no keys and no environment.

It may block: it serves one evaluation at a time, asked for on standard input, and ends when Koderz does.
"""

from __future__ import annotations

import json
import os
import pickle
import resource
import sys
from dataclasses import asdict
from typing import Any

from koderz.core.errors import SandboxError
from koderz.core.types import Plan
from koderz.sandbox import frames
from koderz.sandbox.evaluator import Evaluator

_MEMORY = 4 * 1024**3
"""What the tests may make of the candidate's values: enough for any, too little to hurt the machine."""
_PROBE = Plan("", "")


def main() -> None:
    """Argument: the folder of installed libraries."""
    replies = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDWR), 1)  # a test that prints must not print into the replies
    try:
        evaluator = Evaluator(site=sys.argv[2])
        level = evaluator.evaluate(_PROBE).level  # a child that can't be confined says so here
    except SandboxError as error:
        _reply(replies, {"error": str(error)})
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    sys.setrecursionlimit(3000)
    _reply(replies, {"level": level})
    while True:
        try:
            plan = pickle.loads(frames.receive(0))
        except EOFError:
            return
        try:
            _reply(replies, {"report": asdict(evaluator.evaluate(plan))})
        except (SyntaxError, SandboxError) as error:
            _reply(replies, {"error": f"{type(error).__name__}: {error}", "tests": isinstance(error, SyntaxError)})


def _reply(descriptor: int, message: dict[str, Any]) -> None:
    frames.send(descriptor, json.dumps(message).encode())
