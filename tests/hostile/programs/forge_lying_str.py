# family: forged verdict; expect: failed; tests: text
class Liar(str):
    def __eq__(self, other): return True
    def __hash__(self): raise SystemExit(0)
    def __str__(self): return '2'
    def encode(self, *a): return b'2'
    def __len__(self): return 1
def f(x):
    return Liar('99')
