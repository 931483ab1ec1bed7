# expected: failed
def f(x):
    raise StopIteration
