# family: forged verdict; expect: failed
import sys
def f(x):
    frame = sys._getframe(1)
    while frame:
        for value in frame.f_locals.values():
            if isinstance(value, (bytes, tuple)) and b'\x05' in repr(value).encode() and 'assert' in repr(value):
                return x + 1
        frame = frame.f_back
    raise LookupError
