# family: output floods; expect: failed or timeout
import os
def f(x):
    while True:
        os.write(3, bytes(1 << 20))
