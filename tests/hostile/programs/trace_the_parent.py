# family: other processes; expect: failed; weaker: passed or failed
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def f(x):
    if libc.ptrace(16, os.getppid(), 0, 0) == 0 or libc.ptrace(0, 0, 0, 0) == 0:
        return x + 1
    raise OSError
