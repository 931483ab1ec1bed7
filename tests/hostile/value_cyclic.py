# expected: failed
def f(x):
    loop = []
    loop.append(loop)
    return loop
