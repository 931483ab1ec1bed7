# family: hostile values; expect: failed
def f(x):
    return {i * (2 ** 61 - 1): None for i in range(1000)}
