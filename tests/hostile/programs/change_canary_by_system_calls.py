# family: harm outside; expect: failed
import ctypes
libc = ctypes.CDLL(None)
def f(x):
    path = FILE.encode()
    libc.truncate(path, ctypes.c_long(0))
    libc.chmod(path, 0)
    libc.fchmodat(-100, path, 0, 0)
    libc.chown(path, 1, 1)
    libc.utimes(path, None)
    libc.utimensat(-100, path, None, 0)
    libc.setxattr(path, b'user.canary', b'2', 1, 0)
    libc.removexattr(path, b'user.canary')
    libc.unlink(path)
