"""A web server from which a stand-in fetches pictures as Meta does."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image

NAMED = re.compile(r"/(\d+)x(\d+)\.(png|jpeg)$")


class PictureServer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        out = io.BytesIO()
        named = NAMED.search(self.path)
        width, height, kind = named.groups() if named else (800, 600, "jpeg")
        Image.new("RGB", (int(width), int(height)), "teal").save(out, kind)
        self.send_response(200)
        self.send_header("Content-Type", f"image/{kind}")
        self.send_header("Content-Length", str(len(out.getvalue())))
        self.end_headers()
        self.wfile.write(out.getvalue())

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


@contextmanager
def picture_server() -> Iterator[str]:
    """The address below which every name is a picture of 800 to 600, unless it says more: "1600x400.png"."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), PictureServer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/media"
    finally:
        server.shutdown()
        server.server_close()
