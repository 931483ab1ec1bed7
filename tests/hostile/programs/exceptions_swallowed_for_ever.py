# family: signals and exceptions; expect: timeout
import sys
def f(x):
    try:
        return f(x)
    except BaseException:
        return f(x)
    finally:
        while True:
            continue
