# family: other processes; expect: failed
import os, signal
def f(x):
    for act in (os.kill, os.killpg):
        for target in (-1, 0, SENTINEL, KODERZ, os.getppid(), -os.getppid(), -SENTINEL, 1):
            for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGUSR1):
                try:
                    act(target, number)
                except (OSError, OverflowError):
                    pass
