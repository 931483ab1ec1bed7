# family: kernel; expect: failed; weaker: passed or failed
import ctypes
libc = ctypes.CDLL(None)
def f(x):
    libc.syscall(0x40000000 | 39)
    return x + 1
