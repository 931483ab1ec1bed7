# family: next evaluation; expect: failed
import builtins, json, math, random, re, sys
math.sqrt = json.dumps = json.loads = re.match = lambda *a, **k: None
random.seed(0)
sys.modules["math"] = None
sys.modules["solution"] = None
builtins.print = builtins.sorted = builtins.sum = None
def f(x):
    return None
