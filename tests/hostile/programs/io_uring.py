# family: kernel; expect: failed; weaker: passed or failed
import ctypes
libc = ctypes.CDLL(None)
def f(x):
    for entries in (1, 8, 256):
        ring = libc.syscall(425, entries, ctypes.create_string_buffer(120))
        if ring >= 0 and libc.syscall(426, ring, 1, 0, 0, None, 0) >= 0:
            return x + 1
    raise OSError
