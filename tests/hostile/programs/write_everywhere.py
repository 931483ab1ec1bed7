# family: harm outside; expect: failed
import pathlib
def f(x):
    for name in ('new', '.bashrc', '.ssh/authorized_keys', '.env', 'sitecustomize.py', '.config/new'):
        for folder in (HOME, '/tmp', '/dev/shm', '/usr/local', '.'):
            try:
                path = pathlib.Path(folder, name)
                path.parent.mkdir(exist_ok=True)
                path.open('a').write('harmed')
            except OSError:
                pass
