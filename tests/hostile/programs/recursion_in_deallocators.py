# family: memory and recursion; expect: failed or timeout
class Again:
    def __del__(self):
        self.another = Again()
def f(x):
    deep = iter(())
    for _ in range(1_000_000):
        deep = map(str, deep)
    del deep
    Again()
