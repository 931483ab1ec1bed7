# family: forged verdict; expect: failed
import sys
def f(x):
    sys.exit(0)
