# family: other processes; expect: failed; weaker: passed or failed
import fcntl, os
def f(x):
    fcntl.fcntl(3, fcntl.F_SETOWN, os.getppid())
    return x + 1
