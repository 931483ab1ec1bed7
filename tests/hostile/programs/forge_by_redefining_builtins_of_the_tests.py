# family: forged verdict; expect: failed; tests: named
def f(x):
    return None
def sorted(x):
    return [2]
def abs(x):
    return 6
def max(*x):
    return 70000000038
