"""The web part: `python -m ausrufer.config.web`, granian with one process and a few threads."""

from __future__ import annotations

from granian import Granian
from granian.constants import Interfaces

from ausrufer.config.place import place_from_environment


def main() -> None:
    place = place_from_environment()
    Granian(
        "ausrufer.config.wsgi:application",
        address=place.host,
        port=place.desk_port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        respawn_failed_workers=True,
        websockets=False,
    ).serve()


if __name__ == "__main__":
    main()
