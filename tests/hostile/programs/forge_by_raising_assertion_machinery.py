# family: forged verdict; expect: failed
def f(x):
    raise StopIteration
