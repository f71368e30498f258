"""`DATABASE_URL=… python -m ausrufer.public.stream --host … --port … --folder …`

The address of the database may hold a password, and every user of a machine can read command lines.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import logging
import os
import resource
import signal
from pathlib import Path

import uvloop

from ausrufer.public.stream.connection import Connection
from ausrufer.public.stream.files import PublicFiles
from ausrufer.public.stream.hub import Hub
from ausrufer.public.stream.listener import Listener
from ausrufer.public.stream.visitors import Visitors

PR_SET_PDEATHSIG = 1


async def serve(host: str, port: int, folder: Path, database: str, visitors: Visitors) -> None:
    """Until SIGTERM or SIGINT. The folder is served whatever happens to the database."""
    loop = asyncio.get_running_loop()
    hub, files = Hub(), PublicFiles(folder)
    server = await loop.create_server(lambda: Connection(hub, files, visitors), host, port, backlog=4096)
    listener = loop.create_task(Listener(hub, database).run())
    breath = loop.create_task(hub.keep_breathing())
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    await stopped.wait()
    server.close()
    for task in (listener, breath):
        task.cancel()


def allow_many_readers() -> None:
    """Each reader is an open file; most systems begin with a soft limit of 1024."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def main() -> None:
    parser = argparse.ArgumentParser(prog="ausrufer.public.stream")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    arguments = parser.parse_args()
    if not (database := os.environ.get("DATABASE_URL", "")):
        parser.error("DATABASE_URL: the address of the database is missing")
    try:
        visitors = Visitors(os.environ.get("AUSRUFER_TRUSTED_PROXIES", "").split())
    except ValueError as trouble:
        parser.error(f"AUSRUFER_TRUSTED_PROXIES: {trouble}")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    allow_many_readers()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    uvloop.run(serve(arguments.host, arguments.port, arguments.folder, database, visitors))


if __name__ == "__main__":
    main()
