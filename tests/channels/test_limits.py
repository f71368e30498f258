"""What a platform allows is asked of the platform, kept with the channel, and what a post is rendered by."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest

from ausrufer.adapter.errors import TryLater
from ausrufer.adapter.testing import FakePlatform
from ausrufer.channels import limits
from ausrufer.channels.models import Channel
from ausrufer.posts.render import renditions
from tests import town

pytestmark = pytest.mark.django_db
LONG = "Die Stadtwerke erneuern die Wasserleitung in der Südallee. " * 12


@pytest.fixture
def social() -> Iterator[FakePlatform]:
    """Allows what its channel's settings say; it is away when they say nothing."""
    fake = FakePlatform("social-fake", name="Social")

    def read_limits(self: Any) -> dict[str, Any]:
        if "allows" not in self.settings:
            raise TryLater("Social ist nicht erreichbar.", seconds=15)
        return {"max_text": self.settings["allows"]}

    fake.platform.capabilities = dataclasses.replace(fake.facts, has_limits=True)
    fake.platform.read_limits = read_limits  # type: ignore[method-assign]
    fake.register()
    yield fake
    fake.unregister()


def channel(key: str, **settings: Any) -> Channel:
    found = town.channel("social-fake", key=key)
    Channel.objects.filter(pk=found.pk).update(settings=settings)
    return found


def known(key: str) -> Any:
    return Channel.objects.get(key=key).limits


def test_a_longer_text_stays_whole_where_the_platform_takes_it(social: FakePlatform) -> None:
    channel("social", allows=5000)
    post = town.written(LONG, by=town.amira())
    assert [each.wanted.wording for each in renditions(post)] == ["shortened"]

    assert limits.read_all() == 1
    assert [each.wanted.wording for each in renditions(post)] == ["whole"]


def test_one_that_is_away_keeps_what_was_known_and_the_others_are_asked(social: FakePlatform) -> None:
    channel("away")
    Channel.objects.filter(key="away").update(limits={"max_text": 300})
    town.channel("gone", key="gone")  # of a platform that is no longer here
    channel("here", allows=800)

    assert limits.read_all() == 1
    assert (known("away"), known("here")) == ({"max_text": 300}, {"max_text": 800})


def test_a_stopped_channel_is_not_asked(social: FakePlatform) -> None:
    channel("social", allows=800)
    Channel.objects.update(is_active=False)
    assert limits.read_all() == 0
