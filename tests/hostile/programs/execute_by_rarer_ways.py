# family: daemons and exec; expect: failed
import ctypes, os
libc = ctypes.CDLL(None)
def f(x):
    arguments = (ctypes.c_char_p * 3)(b'sleep', b'600', None)
    for act in (lambda: os.popen('sleep 600 &').read(), lambda: os.spawnv(os.P_NOWAIT, '/bin/sleep', ['sleep', '600']),
                lambda: os.posix_spawn('/bin/sleep', ['sleep', '600'], {}), lambda: libc.system(b'sleep 600 &'),
                lambda: libc.popen(b'sleep 600', b'r'), lambda: __import__('subprocess').Popen(['sleep', '600']),
                lambda: __import__('multiprocessing').Process(target=print).start(),
                lambda: libc.syscall(322, -100, b'/bin/sleep', arguments, None, 0)):
        try:
            act()
        except (OSError, ImportError):
            pass
