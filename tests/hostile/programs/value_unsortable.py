# family: hostile values; expect: failed; tests: walks
def f(x):
    return [2, 'a', None, 1j, {}, float('nan'), object()]
