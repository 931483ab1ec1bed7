# family: the channel; expect: failed
import os, struct
def f(x):
    body = b"PASS"
    for fd in range(64):
        try:
            os.write(fd, struct.pack(">I", len(body)) + body)
        except OSError:
            pass
    return None
