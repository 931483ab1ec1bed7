# family: network; expect: failed; weaker: passed or failed
import ctypes
libc = ctypes.CDLL(None)
def f(x):
    for family in (1, 2, 10, 16):
        for kind in (1, 2, 3):
            if libc.socket(family, kind, 0) >= 0:
                return x + 1
    raise OSError
