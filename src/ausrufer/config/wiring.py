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


def wire() -> None:
    """Once per process, when Django is ready."""
    register_platforms()
    registry.equip(Supplies(http=Http(allowed_origins=settings.ALLOWED_ORIGINS)))


def register_platforms() -> None:
    """Every class in `platforms/` that is a Platform with a key of its own."""
    for module_info in pkgutil.iter_modules(platforms.__path__, "ausrufer.platforms."):
        module = importlib.import_module(module_info.name)
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Platform) and value.__module__.startswith(module.__name__):
                registry.register(value)


def rebuild_pages() -> None:
    """All public pages anew from the database, so that a reader finds a page before the first post."""
