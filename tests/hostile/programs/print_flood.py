# family: output floods; expect: passed
import os, sys
def f(x):
    for _ in range(2000):
        print('x' * 1000)
        os.write(1, b'x' * 1000)
    return x + 1
