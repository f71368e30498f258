"""Where a system lives: its data folder, its host and its ports. Needs no Django."""

from __future__ import annotations

import errno
import hashlib
import os
import socket
from dataclasses import dataclass
from pathlib import Path

from ausrufer.config.demo_channels import DemoChannel, standin_port, wanted
from ausrufer.config.given_database import shape_trouble
from ausrufer.config.mode import wants_demo

HIGHEST = 65_500  # leaves room for the ports beside it


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
    def standins(self) -> list[DemoChannel]:
        """The channels that are played here. Raises ValueError."""
        return [each for each in wanted() if each.addresses] if self.demo else []

    @property
    def public_url(self) -> str:
        return os.environ.get("AUSRUFER_PUBLIC_URL") or f"http://{shown(self.host)}:{self.port}"

    @property
    def desk_url(self) -> str:
        return os.environ.get("AUSRUFER_DESK_URL") or f"http://{shown(self.host)}:{self.desk_port}"

    @property
    def public_folder(self) -> Path:
        return Path(os.environ.get("AUSRUFER_PUBLIC") or self.data / "public").absolute()

    @property
    def fingerprint(self) -> str:
        """A few letters that no other data folder on this machine has."""
        return hashlib.sha256(str(self.data).encode()).hexdigest()[:10]

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """Where the parts will listen."""
        standins = [("127.0.0.1", standin_port(each, self.port)) for each in self.standins]
        return [(self.host, self.port), (self.host, self.desk_port), *standins]

    def marks(self) -> dict[str, str]:
        """By these two, leftovers of an earlier run are known; nobody's shell has the second."""
        return {"AUSRUFER_DATA": str(self.data), "AUSRUFER_SUPERVISED": "1"}

    def environment(self, database_url: str) -> dict[str, str]:
        """What every part is told."""
        return {
            **os.environ,
            **self.marks(),
            "AUSRUFER_HOST": self.host,
            "AUSRUFER_PORT": str(self.port),
            "AUSRUFER_DEMO": "1" if self.demo else "0",
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "ausrufer.config.settings",
            "PYTHONUNBUFFERED": "1",
            "MALLOC_ARENA_MAX": "2",  # threads share their memory; glibc would give each core eight heaps
        }


def place_from_environment() -> Place:
    """AUSRUFER_DATA, _HOST, _PORT, _DEMO, _DEMO_CHANNELS, and DATABASE_URL. Raises ValueError with a sentence."""
    port = os.environ.get("AUSRUFER_PORT") or "8080"
    if not (port.isascii() and port.isdigit() and 1 <= int(port) <= HIGHEST):
        raise ValueError(f"Der Port „{port}“ geht nicht; er ist eine Zahl von 1 bis {HIGHEST}.")
    database_url = os.environ.get("DATABASE_URL", "")
    if database_url and (trouble := shape_trouble(database_url)):
        raise ValueError(trouble)
    wanted()  # said now, not by each part
    data = Path(os.environ.get("AUSRUFER_DATA") or "data").absolute()
    return Place(
        data=data,
        host=os.environ.get("AUSRUFER_HOST") or "127.0.0.1",
        port=int(port),
        demo=wants_demo(data),
        database_url=database_url,
    )


def shown(host: str) -> str:
    return "127.0.0.1" if host == "0.0.0.0" else f"[{host}]" if ":" in host else host


def port_trouble(place: Place) -> str:
    """A sentence about the first port we cannot have, or "". Tried by binding: two servers on one port mix answers."""
    for host, port in place.addresses:
        try:
            bind(host, port)
        except PermissionError:
            return f"Port {port} darf nur root öffnen. Bitte einen über 1023 wählen, z. B. make run PORT=8200."
        except OSError as trouble:
            if trouble.errno == errno.EADDRINUSE:
                return f"Port {port} ist schon belegt. Bitte einen anderen wählen, z. B. make run PORT=8200."
            return f"Die Adresse {host} gehört nicht zu diesem Rechner. Bitte AUSRUFER_HOST richtig setzen."
    return ""


def bind(host: str, port: int) -> None:
    """Raises OSError when somebody else has it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
