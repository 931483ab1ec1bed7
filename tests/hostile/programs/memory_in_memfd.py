# family: memory and recursion; expect: failed; weaker: passed or failed
import os
def f(x):
    descriptor = os.memfd_create('hoard')
    os.ftruncate(descriptor, 1 << 30)
    os.write(descriptor, bytes(1 << 24))
    return x + 1
