# family: time; expect: timeout
import time
def f(x):
    time.sleep(600)
    return x + 1
