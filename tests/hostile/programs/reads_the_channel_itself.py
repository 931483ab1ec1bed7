# family: the channel; expect: timeout
import os
def f(x):
    while True:
        os.read(3, 1)
