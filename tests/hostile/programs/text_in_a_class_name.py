# family: hostile text; expect: failed
class Meta(type):
    @property
    def __name__(cls):
        return '\ud800\x1b[2J\0[red]'
class Evil(Exception, metaclass=Meta):
    pass
def f(x):
    if x == 1:
        return Evil()
    raise Evil
