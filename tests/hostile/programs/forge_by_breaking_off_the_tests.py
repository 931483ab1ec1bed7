# family: forged verdict; expect: failed; tests: unguarded; hole: a SyntaxError of the code is taken for one of the tests, so that there is no verdict
def f(x):
    raise SyntaxError('not yours')
