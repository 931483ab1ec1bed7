# family: output floods; expect: passed
import os
def f(x):
    for _ in range(2000):
        os.write(1, bytes(65536))
        os.write(2, bytes(65536))
    return x + 1
