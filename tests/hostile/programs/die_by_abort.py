# family: signals and exceptions; expect: failed
import ctypes
def f(x):
    ctypes.CDLL(None).abort() if x == 1 else ctypes.string_at(0)
