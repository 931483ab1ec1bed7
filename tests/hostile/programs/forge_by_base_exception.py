# family: forged verdict; expect: failed
class Pass(BaseException):
    pass
def f(x):
    raise Pass('ok')
