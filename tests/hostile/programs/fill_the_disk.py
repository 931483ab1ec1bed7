# family: files and descriptors; expect: failed
import os, tempfile
def f(x):
    for folder in (HOME, '/tmp', '/var/tmp', '/dev/shm', '.'):
        for make in (lambda: open(f'{folder}/full', 'wb'), lambda: tempfile.TemporaryFile(dir=folder)):
            try:
                with make() as file:
                    os.posix_fallocate(file.fileno(), 0, 1 << 30)
                    for _ in range(1000):
                        file.write(bytes(1 << 20))
            except (OSError, NameError):
                pass
