# family: secrets; expect: failed
import os, pathlib
NAMES = ['.env', '.ssh/id_ed25519', '.netrc', 'writable']
def f(x):
    for folder in (HOME, '~', '.', '..', f'/proc/{KODERZ}/cwd', f'/proc/{os.getppid()}/cwd', '/proc/self/cwd'):
        for name in NAMES:
            try:
                print(pathlib.Path(folder, name).expanduser().read_text())
            except (OSError, RuntimeError):
                pass
