# family: files and descriptors; expect: failed
import os
def f(x):
    os.closerange(0, 64)
    return x + 1
