# family: hostile values; expect: timeout or failed; tests: squared; worker: may be replaced
def f(x):
    return (1 << (1 << 26)) - 1
