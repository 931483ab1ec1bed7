# family: files and descriptors; expect: failed; weaker: passed or failed
import os
def f(x):
    for _ in range(5000):
        os.pipe()
    return x + 1
