# family: network; expect: failed
def f(x):
    import socket
    socket.create_connection(('127.0.0.1', TCP), 2)
    return x + 1
