# family: kernel; expect: failed; weaker: failed or passed
import ctypes
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
def f(x):
    place = libc.mmap(None, 4096, 7, 0x22, -1, 0)
    code = b'\xb8\x14\0\0\0\xcd\x80\xc3'  # getpid as a 32-bit call
    ctypes.memmove(place, code, len(code))
    if ctypes.CFUNCTYPE(ctypes.c_int)(place)() > 0:
        return x + 1
    raise OSError
