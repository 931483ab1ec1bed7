# family: hostile values; expect: failed; tests: text
def f(x):
    deep = 2
    for _ in range({1: 197, 5: 198}.get(x, 199)):
        deep = [deep]
    return deep
