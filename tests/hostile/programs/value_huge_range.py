# family: hostile values; expect: failed
def f(x):
    return range(10 ** 18)
