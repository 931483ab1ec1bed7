# family: hostile values; expect: failed
class Evil:
    def __repr__(self):
        raise SystemExit(0)
    def __hash__(self):
        raise SystemExit(0)
    __str__ = __repr__
def f(x):
    return Evil()
