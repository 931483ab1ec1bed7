# family: memory and recursion; expect: failed
class Endless(Exception):
    def __repr__(self):
        return repr(self) + str(self)
    __str__ = __repr__
def f(x):
    raise Endless
