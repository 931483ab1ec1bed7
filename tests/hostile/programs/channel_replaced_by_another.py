# family: the channel; expect: failed or timeout; weaker: passed
import os
def f(x):
    reads, writes = os.pipe()
    os.dup2(writes, 3)
    return x + 1
