# family: next evaluation; expect: failed
import ctypes
def f(x):
    for small in range(2, 100):
        ctypes.c_uint32.from_address(id(small) + 24).value = 3
    return 2
