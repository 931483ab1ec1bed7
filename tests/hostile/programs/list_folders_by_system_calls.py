# family: harm outside; expect: failed
import ctypes, os
libc = ctypes.CDLL(None)
def f(x):
    room = ctypes.create_string_buffer(65536)
    for folder in (HOME, '/', '/proc', '/tmp'):
        for flags in (os.O_DIRECTORY, os.O_PATH):
            descriptor = libc.open(folder.encode(), flags)
            if descriptor >= 0 and libc.getdents64(descriptor, room, 65536) > 0:
                print(room.raw)
    for descriptor in range(64):
        if libc.getdents64(descriptor, room, 65536) > 0:
            print(room.raw)
