# family: the channel; expect: failed
import os
def f(x):
    os.write(3, bytes(4 * 100))
    return x + 1
