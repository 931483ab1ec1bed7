# family: forged verdict; expect: failed; tests: walks
class Liar(dict):
    def __eq__(self, other): return True
    def __iter__(self): return iter([2])
    def items(self): return [(2, 2)]
    def keys(self): return [2]
    def __len__(self): return 2 ** 62
    def __getitem__(self, key): return 2
def f(x):
    return Liar({99: 99})
