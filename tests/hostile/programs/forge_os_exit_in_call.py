# family: forged verdict; expect: failed
import os
def f(x):
    os._exit(0)
