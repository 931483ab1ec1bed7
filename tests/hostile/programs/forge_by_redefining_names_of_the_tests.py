# family: forged verdict; expect: failed
def check(candidate):
    pass
def __test__(*a):
    pass
def f(x):
    return 0
