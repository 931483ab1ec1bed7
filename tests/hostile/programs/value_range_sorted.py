# family: hostile values; expect: timeout or failed; tests: walks; worker: may be replaced
def f(x):
    return range(10 ** 18) if x == 1 else range(10 ** 8)
