# family: daemons and exec; expect: failed; weaker: passed or failed
import os
def f(x):
    if os.system('true') == 0:
        return x + 1
    os.posix_spawn('/bin/true', ['true'], {})
    return x + 1
