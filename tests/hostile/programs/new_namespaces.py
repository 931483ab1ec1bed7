# family: kernel; expect: failed; weaker: passed or failed
import ctypes
libc = ctypes.CDLL(None)
def f(x):
    for flag in (0x10000000, 0x20000, 0x40000000, 0x20000000, 0x8000000, 0x4000000, 0x2000000, 0x200, 0x400, 0x80):
        if libc.unshare(flag) == 0:
            return x + 1
    if any(libc.setns(descriptor, 0) == 0 for descriptor in range(64)):
        return x + 1
    if libc.mount(b'none', b'/', b'tmpfs', 0, None) == 0 or libc.umount2(b'/', 2) == 0 or libc.chroot(b'/') == 0:
        return x + 1
    raise OSError
