"""A web server from which a stand-in fetches pictures and films as Meta does."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image

from tests.sandbox import real_films

NAMED = re.compile(r"/(\d+)x(\d+)\.(png|jpeg)$")


class PictureServer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path.endswith(".mp4"):
            self.answer("video/mp4", real_films.fine())
            return
        out = io.BytesIO()
        named = NAMED.search(self.path)
        width, height, kind = named.groups() if named else (800, 600, "jpeg")
        Image.new("RGB", (int(width), int(height)), "teal").save(out, kind)
        self.answer(f"image/{kind}", out.getvalue())

    def answer(self, kind: str, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


@contextmanager
def picture_server() -> Iterator[str]:
    """The address below which every name is a picture of 800 to 600, unless it says more: "1600x400.png", "x.mp4"."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), PictureServer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/media"
    finally:
        server.shutdown()
        server.server_close()
