"""The dispatcher part: `python -m ausrufer.config.dispatcher`."""

from __future__ import annotations

import os
import signal

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ausrufer.config.settings")
os.environ.setdefault("AUSRUFER_POOL", "1")


def main() -> None:
    import django

    django.setup()
    from ausrufer.deliveries.dispatch import Dispatcher

    dispatcher = Dispatcher()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: dispatcher.stop())
    dispatcher.run()


if __name__ == "__main__":
    main()
