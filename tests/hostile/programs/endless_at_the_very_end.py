# family: time; expect: timeout
import sys, time
def f(x):
    return x + 1
sys.modules['koderz.sandbox.child']._Solution.printed = lambda self: time.sleep(600)
