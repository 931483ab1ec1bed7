# family: network; expect: failed
import socket
def f(x):
    for act in (lambda: socket.create_server(('127.0.0.1', 0)), lambda: socket.create_server(('', 8080)),
                lambda: socket.getaddrinfo('example.com', 80), lambda: socket.gethostbyname('localhost'),
                lambda: socket.create_connection(('localhost', TCP), 1)):
        try:
            print(act())
        except OSError:
            pass
