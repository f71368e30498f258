"""A town with fake platforms, and an engine that is turned by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from ausrufer.adapter.capabilities import Capabilities
from ausrufer.adapter.testing import FakePlatform
from ausrufer.deliveries.claim import Claimed, claim_due, claim_looks
from ausrufer.deliveries.deliver import deliver
from ausrufer.deliveries.look import look_again
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.sweep import LOCK_CLASS, sweep
from ausrufer.kernel.sentence import Words
from tests import town

ENGINE = 4711  # the number of the dispatcher that the stories play


@pytest.fixture
def own(db: None) -> Iterator[FakePlatform]:
    facts = Capabilities(is_own=True, can_edit=True, can_withdraw=True, can_find=True, usual_delay=0.0)
    yield from connected(FakePlatform("own", facts=facts), 0)


@pytest.fixture
def threads(own: FakePlatform) -> Iterator[FakePlatform]:
    yield from connected(FakePlatform("fakethreads", name="Threads"), 10)


@pytest.fixture
def mastodon(own: FakePlatform) -> Iterator[FakePlatform]:
    yield from connected(FakePlatform("fakemastodon", name="Mastodon"), 20)


def connected(platform: FakePlatform, position: int) -> Iterator[FakePlatform]:
    platform.register()
    town.channel(platform.key, position=position)
    with connection.cursor() as cursor:
        # Another connection of this process may hold it already, e.g. from before a browser was started.
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_CLASS, ENGINE])
    yield platform
    platform.unregister()


def claims() -> list[Claimed]:
    return claim_due(ENGINE, ordinary=24, urgent=8)


def in_german(words: Words) -> str:
    """As the board says it."""
    return " ".join(map(str, words)) if isinstance(words, tuple) else str(words)


def work(turns: int = 20) -> None:
    """What the dispatcher does until nothing is due at this moment."""
    for _ in range(turns):
        sweep()
        due, looks = claims(), claim_looks(ENGINE, limit=8)
        for claimed in due:
            deliver(claimed)
        for claimed in looks:
            look_again(claimed)
        if not due and not looks:
            return


def delivery_to(platform: FakePlatform) -> Delivery:
    return (
        Delivery.objects.select_related("channel", "release__post").filter(channel__platform=platform.key).latest("id")
    )
