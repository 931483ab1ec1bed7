# family: forged verdict; expect: failed; tests: named; hole: without an entry point the code's own sorted, abs and max are what the tests call
def f(x):
    return None
def sorted(x):
    return [2]
def abs(x):
    return 6
def max(*x):
    return 70000000038
