# family: next evaluation; expect: failed
import sys
def f(x):
    for name, module in list(sys.modules.items()):
        if name.startswith('koderz'):
            for key in list(vars(module)):
                vars(module)[key] = lambda *a, **k: True
    return 99
