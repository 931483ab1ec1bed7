# family: hostile values; expect: failed
def f(x):
    loop = []
    loop.append(loop)
    return loop
