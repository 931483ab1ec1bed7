# family: forged verdict; expect: failed
class Liar(list):
    def __eq__(self, other): return True
    def __iter__(self): return iter([2])
    def __len__(self): return 1
def f(x):
    return Liar([99])
