# family: time; expect: timeout
import itertools
def f(x):
    return max(itertools.count())
