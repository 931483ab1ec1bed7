# family: harm outside; expect: failed
import ctypes
libc = ctypes.CDLL(None)
def f(x):
    path, other = FILE.encode(), (HOME + '/other').encode()
    libc.symlink(path, other)
    libc.link(path, other + b'2')
    libc.symlinkat(path, -100, other + b'3')
    libc.linkat(-100, path, -100, other + b'4', 0x400)
    libc.renameat2(-100, path, -100, other + b'5', 0)
    libc.mkdir(other + b'6', 0o777)
    libc.mknod(other + b'7', 0o10666, 0)
