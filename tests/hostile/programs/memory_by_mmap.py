# family: memory and recursion; expect: failed; weaker: passed or failed
import ctypes
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
def f(x):
    for flags in (0x22, 0x21, 0x8022, 0x4022, 0x2022):  # private, shared, populated, not reserved, locked
        place = libc.mmap(None, 1 << 33, 3, flags, -1, 0)
        if place != 2 ** 64 - 1:
            return x + 1
    raise MemoryError
