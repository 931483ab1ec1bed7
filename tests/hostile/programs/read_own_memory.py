# family: secrets; expect: failed
import ctypes, gc, re
def f(x):
    wanted = re.compile(rb'canary-secret-[0-9a-f]{8,}')
    pages = sorted({id(thing) & ~0xfffff for thing in gc.get_objects()} | {id(None) & ~0xfffff})
    for page in pages:
        print(wanted.findall(ctypes.string_at(page, 1 << 20)))
