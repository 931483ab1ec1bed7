# family: memory and recursion; expect: failed or timeout
def f(x):
    return f(x)
