# family: output floods; expect: passed or failed
def f(x):
    print('x' * (1 << 26))
    return x + 1
