# family: forged verdict; expect: failed
import sys
child, codec = sys.modules['koderz.sandbox.child'], sys.modules['koderz.sandbox.codec']
real = codec.encode
codec.encode = child.encode = lambda value: real((value[0], 'passed', True))
def f(x):
    return 99
