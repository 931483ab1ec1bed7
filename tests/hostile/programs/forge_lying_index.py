# family: forged verdict; expect: failed; tests: number
class Liar(int):
    def __eq__(self, other): return True
    def __index__(self): return 2
    def __mod__(self, other): return 2
    def __trunc__(self): return 2
    def bit_length(self): return 2
    def to_bytes(self, *a, **k): return b'\x02'
    __hash__ = int.__hash__
def f(x):
    return Liar(99)
