# family: the channel; expect: failed
import struct, sys
def reply(value):
    return value if value[1] != 'value' else (value[0], 'value', Raw())
codec, child = sys.modules['koderz.sandbox.codec'], sys.modules['koderz.sandbox.child']
class Raw:
    pass
def encode(value):
    head = codec.encode(value[:2])[5:]
    return b't' + struct.pack('>I', 4) + struct.pack('>I', 3) + head[4:] + b'l' + struct.pack('>II', 4, 2 ** 32 - 1)
child.encode = encode
def f(x):
    return 2
