# family: time; expect: timeout
import time
def f(x):
    while True:
        try:
            time.sleep(0.01)
        except BaseException:
            pass
