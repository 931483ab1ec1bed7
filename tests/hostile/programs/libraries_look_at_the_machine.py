# family: secrets; expect: failed
import os, sqlite3
def f(x):
    for path in ('/etc/passwd', '/proc/1/environ', '/proc/self/environ', '/proc/%d/environ' % os.getppid(), HOME + '/.env'):
        try:
            if open(path, 'rb').read(16):
                return x + 1
        except OSError:
            pass
    raise LookupError('nothing to be read')
