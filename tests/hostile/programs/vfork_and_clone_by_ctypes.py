# family: processes and threads; expect: failed; weaker: passed or failed
import ctypes, os
libc = ctypes.CDLL(None)
def f(x):
    for flags in (17, 0x10000 | 17, 0x10000000 | 17, 0x40000000 | 17):
        pid = libc.syscall(56, flags, 0, 0, 0, 0)
        if pid == 0:
            os._exit(0)
        if pid > 0:
            return x + 1
    raise OSError
