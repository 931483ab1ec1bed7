# family: the channel; expect: failed
import os
def f(x):
    os.write(3, b'\xff' * 64)
    return 2
