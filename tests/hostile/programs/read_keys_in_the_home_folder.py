# family: secrets; expect: failed
import os
NAMES = ['.env', '.ssh/id_ed25519', '.netrc', 'writable']
def f(x):
    for folder in (HOME, '.', '..', f'/proc/{KODERZ}/cwd', f'/proc/{os.getppid()}/cwd', '/proc/self/cwd'):
        for name in NAMES:
            try:
                print(open(f'{folder}/{name}').read())
            except OSError:
                pass
