# family: files and descriptors; expect: failed
import os
def f(x):
    for folder in (HOME, '/tmp', '/var/tmp', '/dev/shm', '.'):
        for flags in (os.O_CREAT, os.O_CREAT | os.O_EXCL, os.O_TMPFILE):
            name = folder if flags == os.O_TMPFILE else f'{folder}/full'
            try:
                descriptor = os.open(name, flags | os.O_RDWR)
                os.ftruncate(descriptor, 1 << 30)
                for _ in range(100):
                    os.write(descriptor, bytes(1 << 20))
            except OSError:
                pass
