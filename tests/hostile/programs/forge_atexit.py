# family: forged verdict; expect: failed
import atexit, os
atexit.register(os._exit, 0)
def f(x):
    raise SystemExit(0)
