# family: signals and exceptions; expect: failed
def f(x):
    raise {1: KeyboardInterrupt, 5: GeneratorExit}.get(x, SystemExit)(0)
