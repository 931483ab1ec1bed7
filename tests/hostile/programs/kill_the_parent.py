# family: other processes; expect: failed; weaker: passed or failed
import os, signal
def f(x):
    os.kill(os.getppid(), signal.SIGKILL)
    return x + 1
