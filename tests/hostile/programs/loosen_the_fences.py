# family: kernel; expect: failed; weaker: passed or failed
import ctypes
libc = ctypes.CDLL(None)
def f(x):
    # no longer die with the parent, be traceable, drop no_new_privs, keep capabilities, another filter, an alarm
    tries = [(1, 0), (4, 1), (38, 0), (8, 1), (22, 2, 0), (15, b'koderz'), (0x59616d61, 2 ** 64 - 1), (36, 1)]
    if any(libc.prctl(*arguments) == 0 for arguments in tries):
        return x + 1
    if libc.setuid(0) == 0 or libc.setreuid(0, 0) == 0 or libc.setgroups(0, None) == 0 or libc.capset(None, None) == 0:
        return x + 1
    raise OSError
