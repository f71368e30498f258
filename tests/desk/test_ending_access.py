"""Access that ends: renewed by itself, and said in time where only a person can."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import pytest

from ausrufer.adapter import registry
from ausrufer.adapter.testing import FakePlatform
from ausrufer.channels.models import Channel
from ausrufer.channels.renewal import renew_due
from ausrufer.channels.secret_store import ChannelSecrets
from ausrufer.deliveries.alarms import alarms
from ausrufer.deliveries.publish import publish
from ausrufer.kernel.database_clock import database_now
from tests import town
from tests.deliveries.conftest import work
from tests.desk.social import Desk, give_access, state_of, the_channel


def test_access_is_renewed_long_before_it_ends(social: FakePlatform) -> None:
    Channel.objects.filter(platform="social-fake").update(expires_at=database_now() + timedelta(days=49))
    assert renew_due() == 1
    assert the_channel().secrets["token"] == "erneuert"
    assert renew_due() == 0


def test_a_channel_that_breaks_its_renewal_keeps_no_other_from_it(social: FakePlatform) -> None:
    town.channel("social-fake", key="first", position=1)
    Channel.objects.filter(key="first").update(platform="gone")
    Channel.objects.update(expires_at=database_now() + timedelta(days=1))
    assert renew_due() == 1
    assert the_channel().secrets["token"] == "erneuert"


def test_access_that_ended_while_we_were_away_is_renewed_before_anything_goes_out(
    social: FakePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """X gives two hours: after a night without power, nobody has to connect it again."""
    give_access(secrets={"token": "alt"}, expires_at=database_now() - timedelta(hours=3))
    used = []
    publishes = social.platform.send

    def send(self: Any, *given: Any) -> Any:
        used.append(self.secrets["token"])
        return publishes(self, *given)

    monkeypatch.setattr(social.platform, "send", send)
    post = town.written(town.ROADWORKS, by=town.amira())
    publish(post, by=town.amira(), revision=post.revision)
    work()
    assert used == ["erneuert"]
    assert social.timeline == [town.ROADWORKS]


@pytest.mark.django_db
def test_a_rotating_token_is_committed_before_it_is_used(social: FakePlatform) -> None:
    key = the_channel().key
    assert ChannelSecrets().renew(key, lambda stored: {**stored, "token": "neu"}) == {"token": "neu"}
    assert the_channel().secrets == {"token": "neu"}


@pytest.mark.parametrize(
    ("left", "words"),
    [(21, "verbunden"), (5, "Anmeldung läuft in 5 Tagen ab"), (0, "läuft bald ab"), (-1, "Anmeldung ist abgelaufen")],
)
def test_an_ending_access_is_said_with_its_days(social: FakePlatform, at_desk: Desk, left: int, words: str) -> None:
    give_access(expires_at=database_now() + timedelta(days=left, hours=1))
    shown = state_of(at_desk(town.emil()))
    assert words in shown
    assert ("Bitte den Kanal neu verbinden." in shown) == (left < 20)


@pytest.mark.parametrize(("left", "step"), [(19, "20"), (9, "10"), (4, "5")])
def test_alarms_come_at_twenty_ten_and_five_days(social: FakePlatform, left: int, step: str) -> None:
    Channel.objects.filter(platform="social-fake").update(expires_at=database_now() + timedelta(days=left, hours=1))
    assert [str(each) for each in alarms()] == [
        f"Social: Die Anmeldung läuft in höchstens {step} Tagen ab. Bitte den Kanal neu verbinden."
    ]


def test_of_access_that_lasts_for_hours_nobody_says_that_it_ends(social: FakePlatform, at_desk: Desk) -> None:
    social.platform.capabilities = dataclasses.replace(social.platform.capabilities, has_brief_access=True)
    give_access(expires_at=database_now() + timedelta(hours=2))
    assert alarms() == []
    assert state_of(at_desk(town.emil())) == "verbunden Noch nichts gesendet."


def test_x_is_such_a_channel() -> None:
    assert registry.platform_class("x").capabilities.has_brief_access
