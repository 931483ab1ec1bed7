# family: forged verdict; expect: failed
class Pickled:
    def __reduce__(self): return eval, ("__import__('os')._exit(0)",)
    __getstate__ = __reduce_ex__ = lambda self, *a: self.__reduce__()
def f(x):
    return Pickled() if x == 1 else b"cos\nsystem\n(S'true'\ntR."
