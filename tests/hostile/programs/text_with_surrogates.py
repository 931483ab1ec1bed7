# family: hostile text; expect: failed
def f(x):
    if x == 1:
        return '\ud800\0\udfff'
    if x == 5:
        return {'\ud800': ['\udfff']}
    raise KeyError('\ud800\0\udfff')
