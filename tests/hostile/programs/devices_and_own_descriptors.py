# family: files and descriptors; expect: failed; weaker: passed or failed
import os
PATHS = ['/proc/self/fd/3', '/dev/fd/3', '/proc/self/mem', '/dev/tty', '/dev/mem', '/dev/kmsg', '/dev/shm', '/dev/ptmx']
def f(x):
    for path in PATHS:
        for flags in (os.O_RDONLY, os.O_RDWR, os.O_PATH, os.O_TMPFILE | os.O_RDWR):
            try:
                os.open(path, flags)
                return x + 1
            except OSError:
                pass
    raise OSError
