# family: forged verdict; expect: failed
class Meta(type):
    def __instancecheck__(cls, other): return True
    def __subclasscheck__(cls, other): return True
    def __eq__(cls, other): return True
    def __ne__(cls, other): return False
    def __hash__(cls): return 2
    def __int__(cls): return 2
class Everything(metaclass=Meta):
    pass
def f(x):
    return Everything if x == 1 else [Everything] if x == 5 else Everything()
