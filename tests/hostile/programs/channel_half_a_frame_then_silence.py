# family: the channel; expect: timeout
import os, time
def f(x):
    os.write(3, b'\0\0')
    time.sleep(600)
