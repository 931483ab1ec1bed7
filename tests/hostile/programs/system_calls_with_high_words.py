# family: kernel; expect: failed
import ctypes, os
libc = ctypes.CDLL(None)
libc.syscall.argtypes = [ctypes.c_long] * 7
def f(x):
    high = 1 << 32
    for own in (0, high * os.getpid()):
        libc.syscall(62, own | SENTINEL, 9, 0, 0, 0, 0)
        libc.syscall(62, own | os.getppid(), 9, 0, 0, 0, 0)
        libc.syscall(234, own | os.getppid(), os.getppid(), 9, 0, 0, 0)
    new = (ctypes.c_ulong * 2)(10, 10)
    libc.syscall(302, os.getppid(), 7, ctypes.addressof(new), 0, 0, 0)
    libc.syscall(72, 3, high | 8, os.getppid(), 0, 0, 0)
    libc.syscall(high | 2, 0, 0, 0, 0, 0, 0)
