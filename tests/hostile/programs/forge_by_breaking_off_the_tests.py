# family: forged verdict; expect: failed; tests: unguarded
def f(x):
    raise SyntaxError('not yours')
