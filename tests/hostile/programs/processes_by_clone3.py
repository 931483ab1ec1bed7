# family: processes and threads; expect: failed; weaker: passed or failed
import ctypes, os, struct
libc = ctypes.CDLL(None)
def f(x):
    for flags in (0, 0x4000, 0x10000000, 0x20000000, 0x100000000):  # plain, vfork, new user, new pid, clear handlers
        arguments = struct.pack('=8Q', flags, 0, 0, 0, 17, 0, 0, 0)
        pid = libc.syscall(435, arguments, len(arguments))
        if pid == 0:
            os._exit(0)
        if pid > 0:
            return x + 1
    raise OSError
