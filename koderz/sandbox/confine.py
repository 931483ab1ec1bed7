"""What a child does to itself before it may see candidate code. Every step must succeed or the child ends.

Standard library only. The order matters: descriptors while they can still be opened, limits and identity while they
may still be changed, Landlock, and seccomp last, because after it nothing of this is permitted.
"""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import resource
import signal
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from koderz.core.errors import SandboxError
from koderz.sandbox import landlock, seccomp

CHANNEL = 3
"""The only descriptor of a child besides the standard streams: its socket to the scorer."""

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_KEEPCAPS, _PR_SET_NO_NEW_PRIVS = 1, 4, 8, 38
_CAPABILITIES = 0x20080522  # version 3 of the interface: two 32-bit words a set
_DAC_READ_SEARCH = 1 << 2
_NOBODY = 65534
_MIB = 1024 * 1024
_THREADS = 256


@dataclass(frozen=True)
class Fences:
    """Prepared once by the zygote, applied in each child.

    `filter` is the seccomp program for `seccomp.NOBODY`, `tasks` how many threads this user had then, `files` whether
    children may read the paths that the Landlock ruleset grants.
    """

    libc: ctypes.CDLL
    filter: bytes
    landlock_abi: int
    ruleset: int
    tasks: int
    files: bool

    @property
    def level(self) -> str:
        return "seccomp+landlock" if self.landlock_abi else "seccomp"


def prepare(readable: Sequence[str] = ()) -> Fences:
    """Confines the zygote as far as it can go itself: no new privileges, one Landlock layer."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    template = seccomp.program(seccomp.NOBODY, seccomp.machine(), files=bool(readable))
    tasks = _tasks_of_this_user()
    _prctl(libc, _PR_SET_NO_NEW_PRIVS, 1)
    abi = landlock.version(libc)
    if readable and not abi:
        raise SandboxError("Files can be shown to code only where the kernel has Landlock (Linux 5.13, switched on).")
    ruleset = landlock.ruleset(libc, abi, readable) if abi else -1
    if abi:
        landlock.restrict(libc, ruleset)
    return Fences(libc, template, abi, ruleset, tasks, bool(readable))


def die_with_parent(libc: ctypes.CDLL, parent: int) -> None:
    _prctl(libc, _PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise SandboxError("The parent process is gone.")


def keep_only(channel: int, ruleset: int) -> None:
    """Closes everything but the standard streams (the zygote's are /dev/null), the channel and the ruleset."""
    os.dup2(channel, CHANNEL)
    first = CHANNEL + 1
    if ruleset >= first:
        os.closerange(first, ruleset)
        first = ruleset + 1
    os.closerange(first, resource.getrlimit(resource.RLIMIT_NOFILE)[1])


def confine(fences: Fences, parent: int, cpu_s: float, memory_mb: int) -> None:
    """Raises `SandboxError` or `OSError` when a step fails: then no candidate code may run."""
    _limit(cpu_s, memory_mb, fences.tasks)
    _become_nobody(fences)
    die_with_parent(fences.libc, parent)  # after the change of user, which resets it
    _prctl(fences.libc, _PR_SET_DUMPABLE, 0)
    if fences.landlock_abi:
        landlock.restrict(fences.libc, fences.ruleset)
        os.close(fences.ruleset)
    seccomp.install(fences.libc, seccomp.for_process(fences.filter, os.getpid()))
    _verify()


def _limit(cpu_s: float, memory_mb: int, tasks: int) -> None:
    """The zygote watches the CPU clock; the kernel's own limit is a second above it, as a backstop.

    Raises `SandboxError` where less memory or time may be given than was asked for: the code would pay for it.
    """
    seconds = math.ceil(cpu_s) + 1
    threads = _THREADS + (0 if os.getuid() == 0 else tasks)
    for what, limit, needed in (
        (resource.RLIMIT_CPU, seconds, True),
        (resource.RLIMIT_AS, memory_mb * _MIB, True),
        (resource.RLIMIT_FSIZE, _MIB, False),
        (resource.RLIMIT_NOFILE, 64, False),
        (resource.RLIMIT_NPROC, threads, False),
        (resource.RLIMIT_CORE, 0, False),
        (resource.RLIMIT_MEMLOCK, 0, False),
    ):
        hard = resource.getrlimit(what)[1]
        if hard != resource.RLIM_INFINITY and hard < limit:
            if needed:
                raise SandboxError(f"This process may use less memory or time ({hard}) than code is given ({limit}).")
            limit = hard
        resource.setrlimit(what, (limit, limit))


def _become_nobody(fences: Fences) -> None:
    """Only root can; where it can't (a user namespace with one user), the fences hold without it."""
    if os.getuid() != 0:
        return
    if fences.files:
        _prctl(fences.libc, _PR_SET_KEEPCAPS, 1)
    with contextlib.suppress(OSError):
        os.setgroups([])
    with contextlib.suppress(OSError):
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    if fences.files:
        _keep_reading(fences.libc)


def _keep_reading(libc: ctypes.CDLL) -> None:
    """Of root's powers only that of reading any file, for libraries below a folder of root's own; which files that
    can be is Landlock's to say."""
    header = struct.pack("=Ii", _CAPABILITIES, 0)
    if libc.capset(header, struct.pack("=6I", _DAC_READ_SEARCH, _DAC_READ_SEARCH, 0, 0, 0, 0)) != 0:
        raise SandboxError(f"capset was refused (errno {ctypes.get_errno()}).")


def _verify() -> None:
    """The fences are in force or nothing runs: `/` exists, and listing it must be refused, in either world."""
    try:
        os.listdir("/")
    except PermissionError:
        return
    raise SandboxError("The fences were put up but do not hold.")


def _prctl(libc: ctypes.CDLL, option: int, value: int) -> None:
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise SandboxError(f"prctl({option}, {value}) was refused (errno {ctypes.get_errno()}).")


def _tasks_of_this_user() -> int:
    count = 0
    for entry in os.scandir("/proc"):
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and entry.stat().st_uid == os.getuid():
                count += len(os.listdir(f"/proc/{entry.name}/task"))
    return count
