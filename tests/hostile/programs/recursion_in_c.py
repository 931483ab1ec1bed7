# family: memory and recursion; expect: failed or timeout
import itertools
def f(x):
    deep = iter(())
    for _ in range(1_000_000):
        deep = itertools.chain(deep)
    next(deep)
