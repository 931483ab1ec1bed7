# family: output floods; expect: timeout
def f(x):
    while True:
        print(end='x' * 100000)
