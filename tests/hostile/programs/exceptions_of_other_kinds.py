# family: signals and exceptions; expect: failed
class Evil(BaseException):
    def __init__(self, *needed): super().__init__(*needed)
    def __getattribute__(self, name): raise SystemExit(0)
    def __str__(self): return 5
class Text(str):
    def __getitem__(self, key): return 'x' * (1 << 26)
    def __format__(self, how): raise SystemExit(0)
class Second(Exception):
    def __str__(self): return Text('x')
def f(x):
    raise Evil(1, 2) if x == 1 else Second()
