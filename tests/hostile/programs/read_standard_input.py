# family: time; expect: passed
import os, sys
def f(x):
    if sys.stdin.read() or os.read(0, 1) or sys.stdin.readline():
        raise LookupError
    try:
        input('Type 2: ')
    except EOFError:
        return x + 1
