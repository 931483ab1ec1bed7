# family: signals and exceptions; expect: passed
import os, signal, time
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
def f(x):
    me = os.getpid()
    for _ in range(60_000):
        os.kill(me, signal.SIGRTMIN)
    time.sleep(0.5 if x > 1000 else 0)
    return x + 1
