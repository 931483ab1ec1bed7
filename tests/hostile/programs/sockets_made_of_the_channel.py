# family: network; expect: failed or timeout
import array, os, socket
def f(x):
    for descriptor in range(8):
        for act in (lambda s: s.connect(('127.0.0.1', TCP)), lambda s: s.connect(UNIX), lambda s: s.listen(),
                    lambda s: s.sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [0, 1]))]),
                    lambda s: s.sendto(b'x', ('127.0.0.1', UDP)), lambda s: s.shutdown(socket.SHUT_RDWR)):
            try:
                act(socket.socket(socket.AF_INET, socket.SOCK_STREAM, 0, descriptor))
            except OSError:
                pass
    socket.socketpair()
