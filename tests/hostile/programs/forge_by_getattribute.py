# family: forged verdict; expect: failed
class Yes:
    def __getattribute__(self, name):
        return {'__class__': int, '__dict__': {}}.get(name, lambda *a: True)
    def __eq__(self, other): return True
def f(x):
    return Yes()
