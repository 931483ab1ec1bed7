# family: kernel; expect: failed; weaker: passed or failed
import ctypes
libc = ctypes.CDLL(None)
# memfd_create, io_uring_setup, bpf, perf_event_open, userfaultfd, unshare, keyctl, pidfd_open, process_vm_readv,
# shmget, seccomp, prctl, setuid, personality, mount, open_by_handle_at, timer_create, sendmsg, openat2, pidfd_getfd
NUMBERS = [319, 425, 321, 298, 323, 272, 250, 434, 310, 29, 317, 157, 105, 135, 165, 304, 222, 46, 437, 438]
def f(x):
    if any(libc.syscall(number, 0, 0, 0, 0, 0) >= 0 for number in NUMBERS):
        return x + 1
    raise OSError
