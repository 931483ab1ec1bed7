# family: hostile values; expect: failed
def f(x):
    return 1 << (1 << 26)
