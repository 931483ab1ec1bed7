# family: time; expect: timeout or failed
def f(x):
    return 9 ** 9 ** 9 % 10
