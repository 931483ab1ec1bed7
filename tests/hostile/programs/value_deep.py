# family: hostile values; expect: failed
def f(x):
    deep = []
    for _ in range(100000):
        deep = [deep]
    return deep
