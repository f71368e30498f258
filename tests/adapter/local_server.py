"""Small real servers on 127.0.0.1 that misbehave on the wire, where no fake transport can."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Talk = Callable[[socket.socket, bytes], None]  # the connection, and the request's head


@dataclass
class LocalServer:
    talk: Talk
    listener: socket.socket
    requests: list[str] = field(default_factory=list)  # request lines

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(20)
            head = b""
            while b"\r\n\r\n" not in head:
                if not (chunk := connection.recv(65536)):
                    return
                head += chunk
            self.requests.append(head.split(b"\r\n")[0].decode())
            self.talk(connection, head)


@contextmanager
def local_server(talk: Talk) -> Iterator[LocalServer]:
    server = LocalServer(talk, socket.create_server(("127.0.0.1", 0)))
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.listener.shutdown(socket.SHUT_RDWR)
        server.listener.close()
        thread.join(5)


def says(status: str, *headers: str, body: bytes = b"") -> Talk:
    """A whole, well-formed answer."""

    def talk(connection: socket.socket, head: bytes) -> None:
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    return talk
