# family: hostile values; expect: failed; tests: number
def f(x):
    return float('inf') if x == 1 else float('-inf') if x == 5 else complex('inf')
