"""`ausrufer bounce`: takes a returned mail from the relay's pipe and remembers whose mailbox is gone."""

from __future__ import annotations

import argparse
import sys

from ausrufer.config.progress import complain, say

COME_AGAIN = 75  # EX_TEMPFAIL: the relay keeps the mail and tries again
LARGEST = 1_000_000  # bytes; what matters stands in front


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Liest eine zurückgekommene Mail von der Standardeingabe. Für den Mailserver; wie er es aufruft, "
        "steht in docs/operations.md."
    )


def run(arguments: argparse.Namespace) -> int:
    from ausrufer.config.connect import NotRunning, connect

    mail = sys.stdin.buffer.read(LARGEST)
    try:
        connect()
        from django.db import DatabaseError

        from ausrufer.newsletter.bounces import receive

        try:
            number = receive(mail)
        except DatabaseError as trouble:
            complain(str(trouble))
            return COME_AGAIN
    except NotRunning as trouble:
        complain(str(trouble))
        return COME_AGAIN
    say(f"{number} Abonnement{'' if number == 1 else 's'} betroffen.")
    return 0
