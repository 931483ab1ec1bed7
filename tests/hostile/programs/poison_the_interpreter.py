# family: next evaluation; expect: passed
import builtins, decimal, gc, random, sys, threading, warnings
gc.disable()
sys.setswitchinterval(100)
sys.settrace(lambda *a: None)
sys.flags = sys.float_info = sys.hash_info = None
sys.path[:] = ['/nowhere']
sys.meta_path.clear()
sys.path_hooks.clear()
decimal.getcontext().prec = 1
warnings.filterwarnings('error')
random.random = lambda: 5
threading.Thread.start = lambda self: None
builtins.sorted = lambda *a: None
def f(x):
    return x + 1
