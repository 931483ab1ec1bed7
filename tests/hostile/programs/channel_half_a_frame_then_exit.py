# family: the channel; expect: failed
import os
def f(x):
    os.write(3, b'\0\0\0\x64abc')
    os._exit(0)
