"""The scorer's view of one candidate: a process that is asked for values until it stops answering."""

from __future__ import annotations

import builtins
import json
import os
import signal
import socket
import subprocess
import time
from typing import Any, Literal

from koderz.core.errors import SandboxError
from koderz.core.types import Plan
from koderz.sandbox.channel import Channel
from koderz.sandbox.child import READY
from koderz.sandbox.codec import CodecError, decode, encode
from koderz.sandbox.launch import python
from koderz.sandbox.record import CandidateError, Record, Stopped, short

Ended = Literal["done", "load_error", "cpu_limit", "wall_limit", "died"]


class Zygote:
    """The process that children come from. `level` names the fences that they are put behind."""

    def __init__(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        number = str(theirs.fileno())
        self._process = python(
            "koderz.sandbox.zygote",
            number,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        hello = self._told()
        if "error" in hello:
            raise SandboxError(hello["error"])
        self.level: str = hello["level"]

    def child(self, channel: socket.socket, cpu_s: float, memory_mb: int) -> None:
        limits = json.dumps({"cpu_s": cpu_s, "memory_mb": memory_mb}).encode()
        socket.send_fds(self._control, [limits], [channel.fileno()])

    def end(self) -> dict[str, Any]:
        """Kills the child, or learns how it had ended."""
        self._control.send(b"end")
        return self._told()

    def _told(self) -> dict[str, Any]:
        message = self._control.recv(4096)
        if not message:
            raise SandboxError("The sandbox's zygote process ended by itself.")
        told: dict[str, Any] = json.loads(message)
        return told


class Candidate:
    """One child with the plan's code in it. `ended` tells how it is; once it is not "done" every request raises."""

    def __init__(self, zygote: Zygote, plan: Plan, record: Record) -> None:
        self.ended: Ended = "done"
        self.error = ""
        self.cpu_s: float | None = None
        self._zygote = zygote
        self._limits = plan.limits
        self._record = record
        self._socket, theirs = socket.socketpair()
        self._channel = Channel(self._socket, time.monotonic() + plan.limits.wall_s)
        with theirs:
            zygote.child(theirs, plan.limits.cpu_s, plan.limits.memory_mb)
        try:
            ready = self._channel.receive()
        except (EOFError, TimeoutError):
            raise SandboxError("A sandbox process ended before it was confined.") from None
        if ready != READY:
            raise SandboxError(ready.decode("utf-8", "replace"))

    def load(self, code: str, seed: int) -> None:
        """A failure of the code's own top level becomes `ended` and `error`, not an exception."""
        try:
            self._send(encode((seed, self._limits.output_bytes)))
            self.request("load", code)
        except CandidateError as error:
            self._stop("load_error", f"{error.kind}: {error.text}")
        except Stopped:
            pass

    def call(self, name: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """What the candidate's function returns or raises, told to the record."""
        parts = [*map(short, arguments), *(f"{key}={short(value)}" for key, value in named.items())]
        shown = f"{name}({', '.join(parts)})"[:300]
        try:
            value = self.request("call", name, arguments, named)
        except CandidateError as error:
            self._record.called(shown, f"raised {error.kind}: {error.text}")
            raise
        except Stopped as error:
            self._record.called(shown, error.text)
            raise
        self._record.called(shown, f"returned {short(value)}")
        return value

    def request(self, what: str, *arguments: Any) -> Any:
        """Raises `CandidateError` with what the candidate raised, `Stopped` when it can't answer."""
        if self.ended != "done":
            raise Stopped(self.ended, self.error)
        nonce = os.urandom(16)
        self._send(encode((nonce, what, arguments)))
        try:
            reply = decode(self._channel.receive())
        except CodecError as error:
            raise self._stop("died", f"The code sent a reply that can't be read: {error}.") from None
        except EOFError:
            raise self._gone() from None
        except TimeoutError:
            raise self.out_of_time() from None
        match reply:
            case (bytes(echo), "value", value) if echo == nonce:
                return value
            case (bytes(echo), "raised", str(kind), str(text)) if echo == nonce:
                raise _raised(kind[:80], text)
        raise self._stop("died", "The code wrote to the sandbox's channel by itself.")

    def out_of_time(self) -> Stopped:
        return self._stop("wall_limit", f"Timeout after {self._limits.wall_s:g} seconds")

    def printed(self) -> tuple[str, str]:
        """Standard output and error of the code: untrusted text, empty when it is gone."""
        try:
            out, err = self.request("printed")
            room = self._limits.output_bytes
            return out[:room].decode("utf-8", "replace"), err[:room].decode("utf-8", "replace")
        except (CandidateError, Stopped, TypeError, ValueError, AttributeError):
            return "", ""

    def close(self) -> None:
        if self.cpu_s is None:
            self.cpu_s = self._zygote.end()["cpu_s"]
        self._socket.close()

    def _send(self, body: bytes) -> None:
        try:
            self._channel.send(body)
        except EOFError:
            raise self._gone() from None
        except TimeoutError:
            raise self.out_of_time() from None

    def _gone(self) -> Stopped:
        told = self._zygote.end()
        self.cpu_s = told["cpu_s"]
        if told["cpu_limit"]:
            return self._stop("cpu_limit", f"Timeout after {self._limits.cpu_s:g} seconds")
        code = told["exit"]
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"exited with status {code}"
        return self._stop("died", f"The process of the code {how} before it had answered.")

    def _stop(self, ended: Ended, error: str) -> Stopped:
        self.ended, self.error = ended, error
        self._record.stopped = True
        kind = "Timeout" if ended in ("cpu_limit", "wall_limit") else "ProcessEnded"
        return Stopped(kind, error, first=True)


class Proxy:
    """Stands for one of the candidate's functions in the tests' namespace."""

    __slots__ = ("_candidate", "_name")

    def __init__(self, candidate: Candidate, name: str) -> None:
        self._candidate = candidate
        self._name = name

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._candidate.call(self._name, arguments, named)


def _raised(kind: str, text: str) -> CandidateError:
    """Also an instance of the builtin class of that name, so that tests can expect it."""
    builtin: Any = getattr(builtins, kind, None)
    plain = isinstance(builtin, type) and issubclass(builtin, Exception) and not issubclass(builtin, ExceptionGroup)
    derived = plain and builtin is not Exception
    made: Any = type(kind, (CandidateError, builtin), {}) if derived else CandidateError
    error: CandidateError = made.__new__(made)  # without __init__, whose arguments differ from class to class
    error.kind, error.text = kind, text
    return error
