# family: hostile text; expect: failed
class Meta(type):
    @property
    def __name__(cls):
        raise SystemExit(0)
class Evil(Exception, metaclass=Meta):
    pass
def f(x):
    raise Evil
