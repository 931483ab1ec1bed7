# family: hostile values; expect: timeout; tests: sums; worker: may be replaced
def f(x):
    return range(10 ** 18)
