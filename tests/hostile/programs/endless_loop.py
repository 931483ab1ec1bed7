# family: time; expect: timeout
def f(x):
    while True:
        pass
