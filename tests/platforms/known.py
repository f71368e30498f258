"""Which platforms a promise is for: everyone the registry finds, or those with a certain capability."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ausrufer.adapter import registry
from ausrufer.adapter.capabilities import Capabilities
from ausrufer.config.wiring import register_platforms

register_platforms()
PLATFORMS = registry.platforms()
SENDING = [platform for platform in PLATFORMS if not platform.capabilities.is_by_hand]  # without a person


def platforms_that(condition: Callable[[Capabilities], object]) -> pytest.MarkDecorator:
    """For promises that make no sense elsewhere, e.g. withdrawing."""
    chosen = [platform for platform in SENDING if condition(platform.capabilities)]
    return pytest.mark.parametrize("platform_class", chosen, ids=[platform.key for platform in chosen])
