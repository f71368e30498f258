"""What argparse says of arguments, in German."""

from __future__ import annotations

import argparse

WORDS = {
    "usage: ": "Aufruf: ",
    "positional arguments": "Angaben",
    "options": "Schalter",
    "show this help message and exit": "diese Hilfe zeigen",
    "%(prog)s: error: %(message)s\n": "%(prog)s: %(message)s\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "the following arguments are required: %s": "Es fehlt: %s",
    "one of the arguments %s is required": "Es fehlt eines von: %s",
    "unrecognized arguments: %s": "Das gibt es nicht: %s",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s ist mehrdeutig: %(matches)s",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r gibt es nicht; es gibt: %(choices)s",
    "invalid %(type)s value: %(value)r": "%(value)r geht hier nicht",
    "expected one argument": "Dahinter fehlt der Wert",
    "expected at most one argument": "Dahinter steht höchstens ein Wert",
    "expected at least one argument": "Dahinter fehlt mindestens ein Wert",
    "not allowed with argument %s": "geht nicht zusammen mit %s",
    "ignored explicit argument %r": "nimmt keinen Wert, auch nicht %r",
}


def speak_german() -> None:
    """argparse asks gettext for each of its texts; it looks that up under this name whenever it says one."""
    argparse._ = lambda words: WORDS.get(words, words)  # type: ignore[attr-defined]
