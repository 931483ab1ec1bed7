# family: hostile values; expect: failed
def f(x):
    return 'x' * (17 << 20)
