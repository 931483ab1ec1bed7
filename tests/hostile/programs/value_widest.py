# family: hostile values; expect: failed or timeout; worker: may be replaced
def f(x):
    return [None] * (16 * 1024 * 1024 // 5 - 100)
