# family: forged verdict; expect: failed
n = 0
def f(x):
    global n
    n += 1
    return 2 if n == 1 else None
