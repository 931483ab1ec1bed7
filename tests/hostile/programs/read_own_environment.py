# family: secrets; expect: failed; weaker: passed or failed
import os
def f(x):
    if os.environ:
        return x + 1
    raise LookupError
