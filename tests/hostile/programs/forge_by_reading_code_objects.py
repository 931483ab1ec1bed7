# family: forged verdict; expect: failed
import gc, types
def f(x):
    for thing in gc.get_objects():
        code = getattr(thing, '__code__', None)
        if isinstance(code, types.CodeType) and code.co_name == 'check' and code.co_filename == 'tests':
            return next(value for value in code.co_consts if isinstance(value, int) and value - x == 1)
    raise LookupError
