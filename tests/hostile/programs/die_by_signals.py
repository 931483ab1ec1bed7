# family: signals and exceptions; expect: failed
import os, signal
def f(x):
    os.kill(os.getpid(), {1: signal.SIGSEGV, 5: signal.SIGXCPU}.get(x, signal.SIGKILL))
