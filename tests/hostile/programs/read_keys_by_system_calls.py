# family: secrets; expect: failed
import ctypes, os
libc = ctypes.CDLL(None)
def f(x):
    path = (HOME + '/.env').encode()
    how = bytes(24)
    tries = [lambda: libc.open(path, 0), lambda: libc.openat(-100, path, 0), lambda: libc.creat(path, 0o666),
             lambda: libc.syscall(437, -100, path, how, 24), lambda: libc.fopen(path, b'r') and 0 or -1,
             lambda: libc.open64(path, 0), lambda: libc.syscall(428, -100, path, 0)]
    for attempt in tries:
        descriptor = attempt()
        if descriptor > 3:
            print(os.read(descriptor, 1000))
