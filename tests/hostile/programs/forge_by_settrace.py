# family: forged verdict; expect: failed
import sys
sys.settrace(lambda *a: None)
sys.setprofile(lambda *a: None)
def f(x):
    return 'traced'
