# family: hostile values; expect: failed; tests: text
def f(x):
    return '9' * (16 * 1024 * 1024 - 200) if x == 1 else b'9' * (16 * 1024 * 1024 - 200)
