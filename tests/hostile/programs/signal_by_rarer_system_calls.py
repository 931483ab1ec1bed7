# family: other processes; expect: failed
import ctypes, os
libc = ctypes.CDLL(None)
def f(x):
    information = ctypes.create_string_buffer(128)
    for pid in (SENTINEL, os.getppid(), KODERZ):
        libc.syscall(200, pid, 9)
        libc.syscall(234, pid, pid, 9)
        libc.syscall(129, pid, 9, information)
        libc.syscall(297, pid, pid, 9, information)
        descriptor = libc.syscall(434, pid, 0)
        libc.syscall(424, descriptor, 9, None, 0)
        libc.syscall(438, descriptor, 0, 0)
        libc.syscall(448, descriptor, 0)
