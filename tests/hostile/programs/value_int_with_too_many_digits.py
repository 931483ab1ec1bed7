# family: hostile values; expect: failed; tests: text
def f(x):
    return 10 ** (5000 * x) if x < 1000 else -(1 << (1 << 24))
