# family: hostile values; expect: failed or timeout; worker: may be replaced
def f(x):
    tree = [None] * 30
    for _ in range(4):
        tree = [tree] * 30
    return tree[:25]
