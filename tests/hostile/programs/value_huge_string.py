# family: hostile values; expect: failed or timeout
def f(x):
    return 'x' * (1 << 28)
