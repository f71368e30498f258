"""Where a system lives: its data folder, its host and its ports. Needs no Django."""

from __future__ import annotations

import hashlib
import os
import socket
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Place:
    data: Path
    host: str = "127.0.0.1"
    port: int = 8080  # public pages and stream; the desk is on the next one, stand-ins after that
    demo: bool = True
    database_url: str = ""  # "": embedded

    @property
    def desk_port(self) -> int:
        return self.port + 1

    @property
    def standin_port(self) -> int:
        return self.port + 2

    @property
    def public_url(self) -> str:
        return os.environ.get("AUSRUFER_PUBLIC_URL") or f"http://{shown(self.host)}:{self.port}"

    @property
    def desk_url(self) -> str:
        return os.environ.get("AUSRUFER_DESK_URL") or f"http://{shown(self.host)}:{self.desk_port}"

    @property
    def fingerprint(self) -> str:
        """A few letters that no other data folder on this machine has."""
        return hashlib.sha256(str(self.data).encode()).hexdigest()[:10]

    def environment(self, database_url: str) -> dict[str, str]:
        """What every part is told."""
        return {
            **os.environ,
            "AUSRUFER_DATA": str(self.data),
            "AUSRUFER_HOST": self.host,
            "AUSRUFER_PORT": str(self.port),
            "AUSRUFER_DEMO": "1" if self.demo else "0",
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "ausrufer.config.settings",
            "PYTHONUNBUFFERED": "1",
        }


def place_from_environment() -> Place:
    """AUSRUFER_DATA, AUSRUFER_HOST, AUSRUFER_PORT, AUSRUFER_DEMO, DATABASE_URL. Raises ValueError for a bad port."""
    port = int(os.environ.get("AUSRUFER_PORT", "8080"))
    if not 1 <= port <= 65_500:
        raise ValueError(f"Der Port {port} geht nicht; er liegt zwischen 1 und 65500.")
    return Place(
        data=Path(os.environ.get("AUSRUFER_DATA", "data")).absolute(),
        host=os.environ.get("AUSRUFER_HOST", "127.0.0.1"),
        port=port,
        demo=os.environ.get("AUSRUFER_DEMO", "1") == "1",
        database_url=os.environ.get("DATABASE_URL", ""),
    )


def shown(host: str) -> str:
    return "127.0.0.1" if host == "0.0.0.0" else f"[{host}]" if ":" in host else host


def busy_ports(place: Place) -> list[int]:
    """Ports that somebody else has; tried by binding, since two servers on one port would mix their answers."""
    wanted = [place.port, place.desk_port, *([place.standin_port] if place.demo else [])]
    return [port for port in wanted if not is_free(place.host if port != place.standin_port else "127.0.0.1", port)]


def is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
