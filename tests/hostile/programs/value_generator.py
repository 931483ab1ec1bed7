# family: hostile values; expect: failed
def f(x):
    yield x + 1
