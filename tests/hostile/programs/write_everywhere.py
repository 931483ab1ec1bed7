# family: harm outside; expect: failed
import os
def f(x):
    for name in ('new', '.bashrc', '.ssh/authorized_keys', '.env', 'sitecustomize.py', '.config/new'):
        for folder in (HOME, '/tmp', '/dev/shm', '/usr/local', '.', f'/proc/{KODERZ}/cwd'):
            for act in (lambda path: os.makedirs(os.path.dirname(path)), lambda path: open(path, 'a').write('harmed')):
                try:
                    act(f'{folder}/{name}')
                except OSError:
                    pass
