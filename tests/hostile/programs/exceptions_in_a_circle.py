# family: signals and exceptions; expect: failed
def f(x):
    first, second = ValueError(1), TypeError(2)
    first.__context__, second.__context__ = second, first
    first.__cause__, second.__cause__ = second, first
    group = first
    for _ in range(500):
        group = ExceptionGroup('group', [group])
    raise group
