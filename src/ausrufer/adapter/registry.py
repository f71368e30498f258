"""Where the core meets a platform: by key, and never by import."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ausrufer.adapter.capabilities import Capabilities
from ausrufer.adapter.contract import Platform
from ausrufer.adapter.missing import Missing
from ausrufer.adapter.supplies import Supplies

_platforms: dict[str, type[Platform]] = {}
_supplies: list[Supplies] = []


def register(platform: type[Platform]) -> None:
    """Called by `config.wiring` for every platform it finds, and by tests. Raises ValueError for a key taken twice."""
    known = _platforms.setdefault(platform.key, platform)
    if known is not platform:
        raise ValueError(f"two platforms have the key {platform.key!r}: {known} and {platform}")


def unregister(key: str) -> None:
    _platforms.pop(key, None)


def equip(supplies: Supplies) -> None:
    """What `platform` gives to every instance from here on."""
    _supplies[:] = [supplies]


def platform_class(key: str) -> type[Platform]:
    """`Missing` for a key nobody knows: one channel's platform that is gone must not stop what is around it."""
    return _platforms.get(key, Missing)


def capabilities(key: str) -> Capabilities:
    return platform_class(key).capabilities


def platform(
    key: str, settings: Mapping[str, Any], secrets: Mapping[str, str], limits: Mapping[str, Any], *, channel: str = ""
) -> Platform:
    """An equipped instance for one channel. Raises RuntimeError when nothing was equipped."""
    if not _supplies:
        raise RuntimeError("no supplies: config.wiring has not run")
    return platform_class(key)(_supplies[0], settings, secrets, limits, channel)


def is_known(key: str) -> bool:
    return key in _platforms


def platforms() -> list[type[Platform]]:
    return [_platforms[key] for key in sorted(_platforms)]


def own_keys() -> list[str]:
    """Platforms that are the city's own pages."""
    return [each.key for each in platforms() if each.capabilities.is_own]


def by_hand_keys() -> list[str]:
    """Platforms that a person serves."""
    return [each.key for each in platforms() if each.capabilities.is_by_hand]
