# family: forged verdict; expect: failed
class Liar(int):
    def __eq__(self, other): return True
    def __int__(self): return 2
    def __index__(self): return 2
    __hash__ = int.__hash__
def f(x):
    return Liar(99)
