# family: processes and threads; expect: failed; weaker: passed or failed
import os
def f(x):
    for _ in range(200):
        try:
            if os.fork() == 0:
                os._exit(0)
            return x + 1
        except OSError:
            pass
    raise OSError
