# family: output floods; expect: failed
def f(x):
    raise ValueError('x' * (1 << 27))
