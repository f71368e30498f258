"""Finds the platforms and gives lower packages what they need from higher ones."""

from __future__ import annotations

import importlib
import pkgutil

from ausrufer import platforms
from ausrufer.adapter import registry
from ausrufer.adapter.contract import Platform


def register_platforms() -> None:
    """Every class in `platforms/` that is a Platform with a key of its own."""
    for module_info in pkgutil.iter_modules(platforms.__path__, "ausrufer.platforms."):
        module = importlib.import_module(module_info.name)
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Platform) and value.__module__.startswith(module.__name__):
                registry.register(value)
