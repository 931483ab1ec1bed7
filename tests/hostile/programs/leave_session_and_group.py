# family: daemons and exec; expect: failed; weaker: passed or failed
import os
def f(x):
    for act in (os.setsid, lambda: os.setpgid(0, 0), lambda: os.setpgid(0, os.getppid()), lambda: os.nice(-5)):
        try:
            act()
            return x + 1
        except OSError:
            pass
    raise OSError
