# family: files and descriptors; expect: failed; weaker: passed or failed
import ctypes
libc = ctypes.CDLL(None)
def f(x):
    if libc.open(b'/etc/passwd', 0) >= 0:
        return x + 1
    raise OSError
