# family: secrets; expect: failed
import gc
def f(x):
    secret = "canary" + "-secret-" + "value"
    for thing in gc.get_objects():
        if isinstance(thing, dict) and any(v == secret for v in thing.values() if isinstance(v, str)):
            return x + 1
    raise LookupError
