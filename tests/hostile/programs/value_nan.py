# family: hostile values; expect: failed
def f(x):
    return float('nan')
