"""The scorer's end of the socket to a child: every wait has a deadline, and ends when Koderz is gone."""

from __future__ import annotations

import os
import select
import socket
import time

from koderz.sandbox import frames
from koderz.sandbox.codec import CodecError


class Channel:
    """Raises `EOFError` when the child is gone, `TimeoutError` past the deadline, `CodecError` on a bad length."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock = sock
        self._deadline = deadline
        self._poll = select.poll()
        self._poll.register(0, 0)  # hang-up only: Koderz holds the other end of standard input
        sock.setblocking(False)

    def send(self, body: bytes) -> None:
        view = memoryview(frames.pack(body))
        while view:
            try:
                view = view[self._sock.send(view) :]
            except BlockingIOError:
                self._wait(select.POLLOUT)
            except (BrokenPipeError, ConnectionResetError):
                raise EOFError from None

    def receive(self) -> bytes:
        (size,) = frames.HEADER.unpack(self._exactly(frames.HEADER.size))
        if size > frames.LARGEST:
            raise CodecError("the frame is too large")
        return self._exactly(size)

    def _exactly(self, size: int) -> bytes:
        parts = []
        while size:
            try:
                part = self._sock.recv(min(size, 1 << 20))
            except BlockingIOError:
                self._wait(select.POLLIN)
                continue
            except ConnectionResetError:
                raise EOFError from None
            if not part:
                raise EOFError
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _wait(self, event: int) -> None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._poll.register(self._sock, event)
        for descriptor, seen in self._poll.poll(left * 1000):
            if descriptor == 0 and seen & (select.POLLHUP | select.POLLERR):
                os._exit(0)
