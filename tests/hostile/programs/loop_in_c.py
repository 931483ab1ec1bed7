# family: time; expect: timeout
def f(x):
    return sum(range(10 ** 12))
