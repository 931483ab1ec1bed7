# family: network; expect: failed
import socket
def f(x):
    for place in (UNIX, ABSTRACT, '/var/run/docker.sock', '/run/dbus/system_bus_socket'):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
            try:
                socket.socket(socket.AF_UNIX, kind).connect(place)
            except OSError:
                pass
