# family: forged verdict; expect: failed; tests: named
__test__ = __failed__ = __name__ = __builtins__ = check = candidate = lambda *a: True
AssertionError = BaseException = Exception = ValueError
def f(x):
    return None
