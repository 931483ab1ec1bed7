# family: hostile values; expect: failed or timeout; tests: mapping
def f(x):
    deep = (x,)
    for _ in range(190):
        deep = (deep, frozenset([deep]))
        if len(repr(deep)) > 200_000:
            break
    return {deep: deep}
