# family: forged verdict; expect: failed
import os, sys
sys.excepthook = lambda *_: os._exit(0)
def f(x):
    raise RuntimeError('boom')
