"""Finds the platforms and gives lower packages what they need from higher ones."""

from __future__ import annotations

import importlib
import pkgutil

from django.conf import settings

from ausrufer import platforms
from ausrufer.adapter import registry
from ausrufer.adapter.contract import Platform
from ausrufer.adapter.http import Http
from ausrufer.adapter.supplies import Supplies
from ausrufer.channels.ledger import ChannelLedger
from ausrufer.channels.secret_store import ChannelSecrets
from ausrufer.deliveries import receipts
from ausrufer.deliveries.films import go_on
from ausrufer.deliveries.models import Delivery
from ausrufer.newsletter.mailings import LetterPost
from ausrufer.posts import films
from ausrufer.posts.models import Post
from ausrufer.public.media import PublicMedia
from ausrufer.public.pages import PublicPages
from ausrufer.push.mailings import PushMailings


def wire() -> None:
    """Once per process, when Django is ready."""
    register_platforms()
    http = Http(allowed_origins=settings.ALLOWED_ORIGINS)
    registry.equip(
        Supplies(
            http=http,
            pages=PublicPages(),
            media=PublicMedia(),
            ledger=ChannelLedger(),
            secrets=ChannelSecrets(),
            newsletter=LetterPost(),
            push=PushMailings(),
        )
    )
    receipts.when_seen.append(render_again)
    films.when_settled += [go_on, render_again]


def register_platforms() -> None:
    """Every class in `platforms/`, or in a folder of the city's own, that is a Platform with a key of its own."""
    platforms.__path__.extend(folder for folder in settings.PLATFORM_FOLDERS if folder not in platforms.__path__)
    for module_info in pkgutil.iter_modules(platforms.__path__, "ausrufer.platforms."):
        module = importlib.import_module(module_info.name)
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Platform) and value.__module__.startswith(module.__name__):
                registry.register(value)


def render_again(_: Delivery | Post) -> None:
    """A copy was seen somewhere, or a film is there: the own pages are to say so."""
    from ausrufer.public.tasks import rerender_soon

    rerender_soon()
