# family: daemons and exec; expect: failed
import os, time
def f(x):
    for start in (os.fork, getattr(os, 'forkpty', os.fork)):
        try:
            if start() == 0:
                os.setsid()
                if os.fork() == 0:
                    time.sleep(600)
                os._exit(0)
        except OSError:
            pass
    os.setsid()
