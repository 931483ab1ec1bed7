# expected: failed
def f(x):
    open('CANARY').read()
    return x + 1
