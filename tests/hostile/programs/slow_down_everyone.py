# family: other processes; expect: failed
import ctypes, os, resource
libc = ctypes.CDLL(None)
def f(x):
    for pid in (SENTINEL, KODERZ, os.getppid()):
        for act in (lambda: os.setpriority(os.PRIO_PROCESS, pid, 19), lambda: os.sched_setaffinity(pid, {0}),
                    lambda: os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0)),
                    lambda: os.setpriority(os.PRIO_USER, os.getuid(), 19), lambda: os.setpriority(os.PRIO_PGRP, 0, 19),
                    lambda: resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, 3)),
                    lambda: resource.prlimit(pid, resource.RLIMIT_CPU, (1, 1)), lambda: libc.ioprio_set(1, pid, 0x6000)):
            try:
                act()
            except (OSError, ValueError, NameError, AttributeError):
                pass
