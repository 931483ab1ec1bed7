# expected: failed
def f(x):
    open('/etc/passwd').read()
    return x + 1
