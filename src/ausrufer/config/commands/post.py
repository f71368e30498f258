"""`ausrufer post`: write a post, release it, and wait until it was seen everywhere."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ausrufer.config.called import as_called
from ausrufer.config.connect import NotRunning, connect

if TYPE_CHECKING:
    from ausrufer.channels.models import Channel
    from ausrufer.deliveries.models import Release
    from ausrufer.people.models import User
    from ausrufer.posts.models import Topic

LOOK_EVERY = 0.05  # seconds
FAILED, WRONG_INPUT = 1, 2
WHO = (
    "wer veröffentlicht: ein Benutzername; sonst AUSRUFER_USER, sonst wer in der Pressestelle so heißt wie die "
    "Anmeldung an diesem Rechner, sonst die Person, die in der Pressestelle zuerst angelegt wurde"
)
NAMES = {"text": "TEXT", "alts": "--alt", "user": "--as"}  # arguments that are called otherwise


class WrongInput(Exception):
    """Names the argument and the remedy."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", metavar="TEXT", help="der Beitrag; „-“ liest ihn von der Standardeingabe")
    parser.add_argument("--topic", required=True, metavar="T", help="Thema: Schlüssel oder Name, z. B. roadworks")
    parser.add_argument("--image", action="append", default=[], metavar="F", help="Bilddatei, mehrfach möglich")
    parser.add_argument("--alt", action="append", default=[], dest="alts", metavar="A", help="Beschreibung des Bildes")
    parser.add_argument("--decorative", action="append_const", const=None, dest="alts", help="das Bild ist schmückend")
    parser.add_argument(
        "--channel",
        action="append",
        default=[],
        metavar="K",
        help="Kanal, mehrfach möglich; sonst die, die beim Schreiben vorgewählt sind",
    )
    parser.add_argument("--at", metavar="ZEIT", help="erst dann, z. B. 2026-11-30T07:00 (Ortszeit)")
    parser.add_argument("--as", dest="user", metavar="NAME", help=WHO)
    parser.add_argument("--wait", action="store_true", help="warten, bis der Beitrag überall gesehen wurde")
    parser.add_argument(
        "--timeout", type=patience, default=120.0, metavar="S", help="höchstens so viele Sekunden warten"
    )
    parser.add_argument("--json", action="store_true", help="ein JSON-Objekt ausgeben")


def patience(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not seconds >= 0:  # nan is neither
        raise argparse.ArgumentTypeError(f"{text!r} ist keine Zahl von Sekunden; so ist es richtig: 120.")
    return seconds


def run(arguments: argparse.Namespace) -> int:
    try:
        connect()
    except NotRunning as trouble:
        print(trouble, file=sys.stderr)  # noqa: T201
        return WRONG_INPUT
    from ausrufer.deliveries.keep import surely
    from ausrufer.posts.trouble import PostTrouble

    try:
        release = publish(arguments)
    except (WrongInput, PostTrouble) as trouble:
        print(trouble, file=sys.stderr)  # noqa: T201
        return WRONG_INPUT
    end = time.monotonic() + arguments.timeout
    while arguments.wait and not surely(lambda: settled(release)) and time.monotonic() < end:
        time.sleep(LOOK_EVERY)
    found = surely(lambda: account(release))
    print(json.dumps(found, ensure_ascii=False) if arguments.json else in_words(found))  # noqa: T201
    return 0 if is_good(found, waited=arguments.wait) else FAILED


def publish(arguments: argparse.Namespace) -> Release:
    """All of it or nothing. Raises WrongInput or PostTrouble."""
    from django.db import transaction

    from ausrufer.deliveries.publish import publish as release_post
    from ausrufer.posts import compose, pictures

    refuse_half_characters(arguments)
    who, about, channels = acting_user(arguments.user), topic(arguments.topic), chosen(arguments.channel)
    if len(arguments.alts) != len(arguments.image):
        raise WrongInput("--alt: Jedes --image braucht ein --alt mit seiner Beschreibung oder --decorative.")
    with transaction.atomic():
        post = compose.start_draft(who)
        for name, alt in zip(arguments.image, arguments.alts, strict=True):
            try:
                with Path(name).open("rb") as file:
                    pictures.attach(post, file=file, name=name, by=who, alt=alt or "", decorative=alt is None)
            except OSError as error:
                raise WrongInput(f"--image: {name} ist nicht lesbar ({error.strerror}).") from error
        post.refresh_from_db()
        text = from_input() if arguments.text == "-" else arguments.text
        post = compose.save_draft(
            post,
            by=who,
            revision=post.revision,
            text=text,
            topic=about,
            channels=channels,
            due_at=due_time(arguments.at),
        )
        return release_post(post, by=who, revision=post.revision)


def refuse_half_characters(arguments: argparse.Namespace) -> None:
    """Python keeps bytes that are no UTF-8 as half characters, which nothing else takes."""
    from ausrufer.kernel.text import is_writable

    for name, value in vars(arguments).items():
        words = value if isinstance(value, list) else [value]
        if not all(is_writable(word) for word in words if isinstance(word, str)):
            said = NAMES.get(name, f"--{name}")
            raise WrongInput(f"{said}: Das ist kein UTF-8. Bitte neu eintippen.")


def from_input() -> str:
    try:
        return sys.stdin.buffer.read().decode()
    except UnicodeDecodeError as error:
        raise WrongInput("TEXT: Die Standardeingabe ist kein UTF-8.") from error


def acting_user(name: str | None) -> User:
    """The one who is named; else the one with this machine's login; else the first editor."""
    from ausrufer.people.models import Role, User

    named = os.environ.get("AUSRUFER_USER") or None if name is None else name
    people = User.objects.filter(is_active=True)
    if named is not None:
        found = people.filter(username=named).first()
        if found is None:
            raise WrongInput(f"--as: Es gibt niemanden mit dem Benutzernamen {named}.")
        return found
    editors = people.filter(role=Role.EDITOR).order_by("id")
    found = editors.filter(username=getpass.getuser()).first() or editors.first()
    if found is None:
        raise WrongInput("--as: Es gibt noch niemanden, der freigeben darf.")
    return found


def topic(name: str) -> Topic:
    from django.db.models import Q

    from ausrufer.posts.models import Topic

    found = Topic.objects.filter(Q(key=name) | Q(label__iexact=name) | Q(short_label__iexact=name)).first()
    if found is None:
        known = ", ".join(Topic.objects.values_list("key", flat=True))
        if not known:
            raise WrongInput(
                "--topic: Es gibt noch keine Themen, denn es ist kein Konzept geladen. Ein Beispiel zum Ausfüllen gibt "
                f"`{as_called()} concept --example`, geladen wird es mit `{as_called()} concept DATEI`."
            )
        raise WrongInput(f"--topic: Das Thema {name} gibt es nicht. Es gibt: {known}.")
    return found


def chosen(keys: list[str]) -> list[Channel]:
    from ausrufer.channels.models import Channel

    active = Channel.objects.filter(is_active=True)
    if not keys:
        return list(active.filter(chosen_by_default=True))
    found = {channel.key: channel for channel in active}
    if unknown := [key for key in keys if key not in found]:
        raise WrongInput(f"--channel: {', '.join(unknown)} gibt es nicht. Es gibt: {', '.join(found)}.")
    return [found[key] for key in keys]


def due_time(text: str | None) -> datetime | None:
    from ausrufer.kernel.clock import LOCAL, local
    from ausrufer.kernel.database_clock import database_now

    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise WrongInput(f"--at: {text} ist keine Zeit; so ist es richtig: 2026-11-30T07:00.") from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)
    if moment <= (now := database_now()):
        here = f"{local(now):%d.%m.%Y, %H:%M} Uhr"
        raise WrongInput(
            f"--at: {text} ist schon vorbei; in der Stadt ist es {here}. Ohne --at geht der Beitrag sofort hinaus."
        )
    return moment


def settled(release: Release) -> bool:
    from ausrufer.deliveries.states import DONE

    return not release.deliveries.exclude(state__in=DONE).exclude(needs_person=True).exists()


def account(release: Release) -> dict[str, Any]:
    from ausrufer.posts.render import page_address

    deliveries = (
        release.deliveries.filter(change=None).select_related("channel", "release").order_by("channel__position", "id")
    )
    return {
        "id": release.post.address,
        "url": page_address(release.post),
        "deliveries": [
            {
                "channel": each.channel.key,
                "state": each.state,
                "seconds": None if each.seconds_to_seen is None else round(each.seconds_to_seen, 3),
                "url": each.address or None,
            }
            for each in deliveries
        ],
    }


def is_good(found: dict[str, Any], *, waited: bool) -> bool:
    states = {each["state"] for each in found["deliveries"]}
    return states == {"online"} if waited else not states & {"failed", "unclear", "lapsed"}


def in_words(found: dict[str, Any]) -> str:
    from ausrufer.deliveries.states import State

    lines = [found["url"]]
    for each in found["deliveries"]:
        seconds = "" if each["seconds"] is None else f" {each['seconds']:.1f} s".replace(".", ",")
        lines.append(f"{each['channel']}: {State(each['state']).label}{seconds} {each['url'] or ''}".rstrip())
    return "\n".join(lines)
