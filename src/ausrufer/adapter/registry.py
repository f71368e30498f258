"""Where the core meets a platform: by key, and never by import."""

from __future__ import annotations

from ausrufer.adapter.contract import Platform

_platforms: dict[str, type[Platform]] = {}


def register(platform: type[Platform]) -> None:
    """Called by `config.wiring` for every platform it finds, and by tests. Raises ValueError for a key taken twice."""
    known = _platforms.setdefault(platform.key, platform)
    if known is not platform:
        raise ValueError(f"two platforms have the key {platform.key!r}: {known} and {platform}")


def unregister(key: str) -> None:
    _platforms.pop(key, None)


def platform_class(key: str) -> type[Platform]:
    """Raises KeyError with the known keys."""
    try:
        return _platforms[key]
    except KeyError:
        raise KeyError(f"no platform {key!r}; known are {', '.join(sorted(_platforms))}") from None


def platforms() -> list[type[Platform]]:
    return [_platforms[key] for key in sorted(_platforms)]
