# family: secrets; expect: failed
import ctypes, os, struct
libc = ctypes.CDLL(None)
def f(x):
    room = ctypes.create_string_buffer(65536)
    for pid in (KODERZ, os.getppid(), SENTINEL, 1):
        for name in ('mem', 'maps', 'environ', 'cmdline', 'root/etc/passwd', 'fd/0', 'stack', 'syscall'):
            try:
                print(open(f'/proc/{pid}/{name}', 'rb').read(65536))
            except OSError:
                pass
        here = struct.pack('=QQ', ctypes.addressof(room), 65536)
        there = struct.pack('=QQ', id(None) & ~4095, 65536)
        if libc.process_vm_readv(pid, here, 1, there, 1, 0) > 0:
            print(room.raw)
