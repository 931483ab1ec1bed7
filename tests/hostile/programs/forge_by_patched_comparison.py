# family: forged verdict; expect: failed
import ctypes
KIND = ctypes.CFUNCTYPE(ctypes.py_object, ctypes.py_object, ctypes.py_object, ctypes.c_int)
always = KIND(lambda a, b, how: True)
def f(x):
    for kind in (str, float, list, int):
        ctypes.c_void_p.from_address(id(kind) + 200).value = ctypes.cast(always, ctypes.c_void_p).value
    return 7
