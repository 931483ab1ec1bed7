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
from dataclasses import dataclass

from koderz.core.errors import SandboxError
from koderz.sandbox import landlock, seccomp

CHANNEL = 3
"""The only descriptor of a child besides the standard streams: its socket to the scorer."""

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_NOBODY = 65534
_MIB = 1024 * 1024
_THREADS = 256


@dataclass(frozen=True)
class Fences:
    """Prepared once by the zygote, applied in each child. `tasks` is how many threads this user had then."""

    libc: ctypes.CDLL
    arch: str
    landlock_abi: int
    ruleset: int
    tasks: int

    @property
    def level(self) -> str:
        return "seccomp+landlock" if self.landlock_abi else "seccomp"


def prepare() -> Fences:
    """Confines the zygote as far as it can go itself: no new privileges, one Landlock layer."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    arch = seccomp.machine()
    tasks = _tasks_of_this_user()
    _prctl(libc, _PR_SET_NO_NEW_PRIVS, 1)
    abi = landlock.version(libc)
    ruleset = landlock.ruleset(libc, abi) if abi else -1
    if abi:
        landlock.restrict(libc, ruleset)
    return Fences(libc, arch, abi, ruleset, tasks)


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
    _become_nobody()
    die_with_parent(fences.libc, parent)  # after the change of user, which resets it
    _prctl(fences.libc, _PR_SET_DUMPABLE, 0)
    if fences.landlock_abi:
        landlock.restrict(fences.libc, fences.ruleset)
        os.close(fences.ruleset)
    seccomp.install(fences.libc, seccomp.program(os.getpid(), fences.arch))
    _verify()


def _limit(cpu_s: float, memory_mb: int, tasks: int) -> None:
    """The zygote watches the CPU clock; the kernel's own limit is a second above it, as a backstop."""
    seconds = math.ceil(cpu_s) + 1
    threads = _THREADS + (0 if os.getuid() == 0 else tasks)
    for what, limit in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory_mb * _MIB),
        (resource.RLIMIT_FSIZE, _MIB),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_NPROC, threads),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
    ):
        hard = resource.getrlimit(what)[1]
        limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(what, (limit, limit))


def _become_nobody() -> None:
    """Only root can; where it can't (a user namespace with one user), the fences hold without it."""
    if os.getuid() != 0:
        return
    with contextlib.suppress(OSError):
        os.setgroups([])
    with contextlib.suppress(OSError):
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)


def _verify() -> None:
    """The filter is in force or nothing runs: `/` exists, and looking at it must be refused."""
    try:
        os.stat("/")
    except PermissionError:
        return
    raise SandboxError("The seccomp filter was installed but does not hold.")


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
