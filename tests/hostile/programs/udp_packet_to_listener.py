# family: network; expect: failed
import socket
def f(x):
    for family, place in ((socket.AF_INET, '127.0.0.1'), (socket.AF_INET6, '::ffff:127.0.0.1')):
        try:
            socket.socket(family, socket.SOCK_DGRAM).sendto(b'secret', (place, UDP))
        except OSError:
            pass
