# family: harm outside; expect: failed; weaker: failed
import os, sqlite3
def f(x):
    for how in (os.O_WRONLY, os.O_RDWR, os.O_RDWR | os.O_CREAT, os.O_WRONLY | os.O_TRUNC):
        for path in (os.__file__, sqlite3.__file__, FILE):
            try:
                os.close(os.open(path, how))
            except OSError:
                continue
            return x + 1
    raise LookupError('nothing to be written')
