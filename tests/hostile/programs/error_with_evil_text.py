# family: signals and exceptions; expect: failed
class Evil(Exception):
    def __str__(self):
        raise SystemExit(0)
def f(x):
    raise Evil()
