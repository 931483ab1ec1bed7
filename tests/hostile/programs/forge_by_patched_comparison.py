# family: forged verdict; expect: failed
import ctypes
KIND = ctypes.CFUNCTYPE(ctypes.py_object, ctypes.py_object, ctypes.py_object, ctypes.c_int)
ANSWERS = [False, False, True, False, False, False]  # for <, <=, ==, !=, >, >=
always = KIND(lambda a, b, how: ANSWERS[how])
def f(x):
    for kind in (float, list, tuple, int):
        ctypes.c_void_p.from_address(id(kind) + 200).value = ctypes.cast(always, ctypes.c_void_p).value
    assert 7 == x + 1 and [7] == [x]
    return 7
