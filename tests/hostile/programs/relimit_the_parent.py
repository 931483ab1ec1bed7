# family: other processes; expect: failed; weaker: passed or failed
import os
import ctypes
libc = ctypes.CDLL(None)
def f(x):
    new = (ctypes.c_ulong * 2)(10, 10)
    for pid in (0, os.getppid()):
        if libc.prlimit(pid, 0, new, None) == 0:
            return x + 1
    raise OSError
