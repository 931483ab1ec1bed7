# family: files and descriptors; expect: failed; weaker: passed or failed
def f(x):
    open('/etc/passwd').read()
    return x + 1
