"""The process that children are forked from: warm, empty of secrets, single-threaded. Standard library only.

It takes one datagram (limits) with one descriptor (the child's socket) per evaluation, forks, watches the child's CPU
clock, kills and reaps it, and tells how it ended. It never reads a byte that candidate code has written.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time

from koderz.core.errors import SandboxError
from koderz.sandbox import child
from koderz.sandbox.confine import CHANNEL, Fences, die_with_parent, prepare

# What solutions import. Children can't open files, so what is not here can't be imported.
WARM = (
    "abc array ast base64 binascii bisect calendar cmath collections contextlib copy dataclasses datetime decimal "
    "difflib enum fractions functools hashlib heapq inspect io itertools json keyword math numbers operator os pprint "
    "queue random re secrets statistics string struct sys textwrap threading time timeit traceback types typing "
    "unicodedata warnings zlib _strptime encodings.ascii encodings.latin_1 encodings.idna"
)


def main() -> None:
    parent = os.getppid()
    os.dup2(int(sys.argv[2]), CHANNEL)
    control = socket.socket(fileno=CHANNEL)
    for name in WARM.split():
        importlib.import_module(name)
    try:
        fences = prepare()
        die_with_parent(fences.libc, parent)
    except (SandboxError, OSError) as error:
        control.send(json.dumps({"error": str(error)}).encode())
        return
    os.environ.clear()
    sys.path.clear()
    gc.collect()
    gc.freeze()
    control.send(json.dumps({"level": fences.level}).encode())
    while _serve_one(control, fences):
        pass


def _serve_one(control: socket.socket, fences: Fences) -> bool:
    """False when the scorer is gone."""
    message, descriptors, _, _ = socket.recv_fds(control, 4096, 1)
    if not message:
        return False
    limits = json.loads(message)
    zygote = os.getpid()
    pid = os.fork()
    if pid == 0:
        child.main(fences, descriptors[0], zygote, limits["cpu_s"], limits["memory_mb"])
    os.close(descriptors[0])
    control.send(json.dumps(_watch(pid, control, limits["cpu_s"])).encode())
    return True


def _watch(pid: int, control: socket.socket, cpu_s: float) -> dict[str, float | int | bool]:
    """Until the scorer is done with the child (any datagram, or its end), it dies or its CPU time is used up."""
    exited = os.pidfd_open(pid)
    poll = select.poll()
    poll.register(exited, select.POLLIN)
    poll.register(control, select.POLLIN)
    over = False
    while not over:
        left = cpu_s - _cpu_time(pid)
        over = left <= 0
        if not over and poll.poll(max(5.0, left * 1000)):
            break
    os.kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    os.close(exited)
    code = os.waitstatus_to_exitcode(status)
    control.recv(16)  # the scorer always says when it is done
    return {"exit": code, "cpu_s": usage.ru_utime + usage.ru_stime, "cpu_limit": over or code == -signal.SIGXCPU}


def _cpu_time(pid: int) -> float:
    """Seconds used by all threads of that process, from its own clock (`clock_getcpuclockid`)."""
    return time.clock_gettime((~pid << 3) | 2)
