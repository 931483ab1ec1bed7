# family: forged verdict; expect: failed
class Liar:
    @property
    def __class__(self): return int
def f(x):
    return Liar()
