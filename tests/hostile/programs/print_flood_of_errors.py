# family: output floods; expect: passed
import sys, traceback, warnings
def f(x):
    warnings.simplefilter('always')
    for number in range(300):
        warnings.warn('x' * 1000 + str(number))
        traceback.print_stack()
        sys.stderr.write('y' * 10000)
        sys.__stderr__.write('z' * 10000) if sys.__stderr__ else None
    return x + 1
