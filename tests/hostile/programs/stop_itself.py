# family: other processes; expect: timeout
import os, signal
def f(x):
    os.kill(os.getpid(), signal.SIGSTOP)
    return x + 1
