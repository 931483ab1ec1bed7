# family: hostile values; expect: failed
class Evil(list):
    def __iter__(self):
        while True:
            yield self
    def __len__(self):
        raise SystemExit(0)
class EvilMapping(dict):
    __iter__ = items = keys = values = __len__ = None
def f(x):
    return Evil([Evil([EvilMapping({1: Evil()})])])
