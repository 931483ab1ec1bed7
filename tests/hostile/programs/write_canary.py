# family: harm outside; expect: failed; weaker: passed or failed
def f(x):
    open(FILE, 'w').write('harmed')
    return x + 1
