# family: other processes; expect: failed; weaker: passed or failed
import os
def f(x):
    me = os.getpid()
    for pid in [0, 1, os.getppid(), *range(me - 50, me), *range(me + 1, me + 50)]:
        try:
            os.kill(pid, 0)
            return x + 1
        except OSError:
            pass
    raise OSError
