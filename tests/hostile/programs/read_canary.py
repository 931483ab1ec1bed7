# family: secrets; expect: failed; weaker: passed or failed
def f(x):
    open(FILE).read()
    return x + 1
