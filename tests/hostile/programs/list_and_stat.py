# family: harm outside; expect: failed; weaker: passed or failed
import os
def f(x):
    for act in (os.listdir, os.stat, os.readlink, os.scandir, os.chdir):
        try:
            act('/')
            return x + 1
        except OSError:
            pass
    raise LookupError
