# family: signals and exceptions; expect: failed
def f(x):
    raise type('A' * 100000 + '\ud800', (Exception,), {})('\ud800' * 100000)
