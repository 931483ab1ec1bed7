# family: other processes; expect: failed
import ctypes, os
libc = ctypes.CDLL(None)
def f(x):
    for descriptor in range(4):
        for owner in (SENTINEL, os.getppid(), KODERZ, -os.getppid()):
            libc.fcntl(descriptor, 10, 9)  # F_SETSIG: SIGKILL instead of SIGIO
            libc.fcntl(descriptor, 8, owner)  # F_SETOWN
            libc.fcntl(descriptor, 15, (ctypes.c_int * 2)(1, owner))  # F_SETOWN_EX
            libc.fcntl(descriptor, 4, 0o20000)  # O_ASYNC
            libc.ioctl(descriptor, 0x8901, ctypes.byref(ctypes.c_int(owner)))  # FIOSETOWN
            libc.ioctl(descriptor, 0x5452, ctypes.byref(ctypes.c_int(1)))  # FIOASYNC
