# family: secrets; expect: failed; weaker: passed or failed
import os
def f(x):
    for pid in ('self', os.getppid()):
        try:
            open(f'/proc/{pid}/environ', 'rb').read()
            return x + 1
        except OSError:
            pass
    raise LookupError
