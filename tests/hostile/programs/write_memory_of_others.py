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
        libc.syscall(440, pid, there, 1, 21, 0)  # process_madvise: page out
        for name in ('mem', 'oom_score_adj', 'clear_refs', 'comm', 'uid_map'):
            try:
                with open(f'/proc/{pid}/{name}', 'r+b') as file:
                    file.seek(id(None) if name == 'mem' else 0)
                    file.write(b'1000')
            except OSError:
                pass
