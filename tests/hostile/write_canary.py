# expected: failed
def f(x):
    open('CANARY', 'w').write('harmed')
    return x + 1
