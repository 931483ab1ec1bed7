# family: harm outside; expect: failed; weaker: passed or failed
import os
def f(x):
    for act in (lambda p: os.chmod(p, 0o777), lambda p: os.utime(p, (0, 0)), lambda p: os.truncate(p, 0), os.unlink,
                lambda p: os.rename(p, p + '2'), lambda p: os.symlink(p, p + '3'), lambda p: os.link(p, p + '4'),
                lambda p: os.mkdir(p + '5'), lambda p: os.setxattr(p, 'user.a', b'1'), lambda p: os.chown(p, 1, 1)):
        try:
            act(FILE)
            return x + 1
        except OSError:
            pass
    raise LookupError
