# family: forged verdict; expect: failed
import os
class Late:
    def __del__(self):
        os._exit(0)
def f(x):
    Late()
