"""A cable to the database that a story can cut and mend."""

from __future__ import annotations

import contextlib
import socket
import tempfile
import threading
from pathlib import Path
from urllib.parse import quote


class Cable:
    """Forwards a Unix socket of its own to the server's, byte by byte."""

    def __init__(self, server: Path) -> None:
        self.server = server
        self.folder = tempfile.TemporaryDirectory(prefix="cable-")
        self.place = Path(self.folder.name) / server.name
        self.ends: list[socket.socket] = []
        self.is_whole = True
        self.door = socket.socket(socket.AF_UNIX)
        self.door.bind(str(self.place))
        self.door.listen()
        threading.Thread(target=self.accept, daemon=True).start()

    def url(self, database: str, user: str) -> str:
        return f"postgresql://{quote(user)}@/{database}?host={quote(self.folder.name, safe='')}"

    def cut(self) -> None:
        """As when the server dies."""
        self.is_whole = False
        for end in self.ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self.ends.clear()

    def mend(self) -> None:
        self.is_whole = True

    def close(self) -> None:
        self.cut()
        self.door.close()
        self.folder.cleanup()

    def accept(self) -> None:
        while True:
            try:
                near, _ = self.door.accept()
            except OSError:
                return
            if not self.is_whole:
                near.close()
                continue
            far = socket.socket(socket.AF_UNIX)
            far.connect(str(self.server))
            self.ends += [near, far]
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self.forward, args=(source, target), daemon=True).start()

    def forward(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
