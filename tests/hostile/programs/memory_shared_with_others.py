# family: memory and recursion; expect: failed; weaker: passed or failed
import ctypes
libc = ctypes.CDLL(None)
def f(x):
    if libc.shmget(0, 1 << 24, 0o1777) >= 0 or libc.msgget(0, 0o1777) >= 0 or libc.semget(0, 1, 0o1777) >= 0:
        return x + 1
    if libc.shm_open(b'/koderz-hostile', 0o102, 0o666) >= 0 or libc.mq_open(b'/koderz-hostile', 0o102, 0o666, None) >= 0:
        return x + 1
    raise OSError
