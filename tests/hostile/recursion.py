# expected: failed or timeout
def f(x):
    return f(x)
