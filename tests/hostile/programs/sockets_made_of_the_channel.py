# family: network; expect: failed
import array, os, socket
def f(x):
    for descriptor in range(8):
        for act in (lambda s: s.connect(('127.0.0.1', TCP)), lambda s: s.sendto(b'x', ('127.0.0.1', UDP)),
                    lambda s: s.connect(UNIX), lambda s: s.listen(), lambda s: s.bind(('127.0.0.1', 0)),
                    lambda s: s.sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [0, 1]))]),
                    lambda s: s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1), lambda s: s.getpeername()):
            for family in (socket.AF_INET, socket.AF_UNIX):
                try:
                    sock = socket.socket(family, socket.SOCK_STREAM, 0, descriptor)
                    act(sock)
                except (OSError, TypeError):
                    pass
                finally:
                    sock.detach()
