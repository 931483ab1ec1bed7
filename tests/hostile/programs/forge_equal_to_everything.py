# family: forged verdict; expect: failed
class Same:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __bool__(self): return True
    def __hash__(self): return 0
    def __getattr__(self, name): return Same()
    def __call__(self, *a): return Same()
def f(x):
    return Same()
