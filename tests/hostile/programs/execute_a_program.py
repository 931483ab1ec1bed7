# family: daemons and exec; expect: failed
import os
def f(x):
    os.execv('/bin/true', ['true'])
