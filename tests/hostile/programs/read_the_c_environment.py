# family: secrets; expect: failed
import ctypes, os
def f(x):
    libc = ctypes.CDLL(None)
    block = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, 'environ')
    for number in range(100):
        if not block or block[number] is None:
            break
        print(block[number])
    print(os.environ, libc.getenv(b'OPENAI_API_KEY') and 'there is one')
