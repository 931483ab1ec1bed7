# family: secrets; expect: failed
import ctypes, gc, re
def f(x):
    wanted = re.compile(rb'canary-secret-[0-9a-f]{8,}')
    things = gc.get_objects()
    parts = [part for thing in things[:50_000] for part in gc.get_referents(thing)]
    for page in sorted({id(thing) & ~4095 for thing in (*things, *parts)}):
        for found in wanted.findall(ctypes.string_at(page, 4096)):
            print(found)
