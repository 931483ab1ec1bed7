# family: other processes; expect: failed
import ctypes, os, struct
libc = ctypes.CDLL(None)
def f(x):
    junk = ctypes.create_string_buffer(65536)
    for pid in (SENTINEL, KODERZ, os.getppid()):
        for request in (16, 0x4206):  # attach, seize
            libc.ptrace(request, pid, None, None)
        here, there = (struct.pack('=QQ', place, 65536) for place in (ctypes.addressof(junk), id(None) & ~4095))
        libc.process_vm_writev(pid, here, 1, there, 1, 0)
        libc.kcmp(os.getpid(), pid, 0, 3, 3)
        try:
            with open(f'/proc/{pid}/mem', 'r+b') as memory:
                memory.seek(id(None))
                memory.write(bytes(64))
        except OSError:
            pass
