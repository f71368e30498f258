"""What the desk says of a channel, in words, and what a person decides about it."""

from __future__ import annotations

import re

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from ausrufer.adapter.testing import FakePlatform
from ausrufer.deliveries.alarms import alarms
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.publish import publish
from ausrufer.kernel.clock import clock_words
from ausrufer.kernel.database_clock import database_now
from tests import town
from tests.deliveries.conftest import work
from tests.desk.social import Desk, give_access, released, said, state_of, the_channel
from tests.system import words_of


def test_a_channel_without_access_says_so(social: FakePlatform, at_desk: Desk) -> None:
    client = at_desk(town.emil())
    assert state_of(client).startswith("noch nicht verbunden Was hierher soll, wartet,")
    give_access()
    assert state_of(client) == "verbunden Noch nichts gesendet."


def test_patience_is_said_with_its_time_and_what_waits(social: FakePlatform, at_desk: Desk) -> None:
    give_access()
    social.will("ask for patience for 600 seconds")
    released()
    until = clock_words(
        the_channel().held_until or database_now(), database_now()
    )  # with a day shortly before midnight
    shown = state_of(at_desk(town.emil()))
    assert shown.startswith(f"bittet um Geduld bis {until} Nichts zu tun, geht von selbst weiter. Ein Beitrag wartet.")


def test_a_lost_access_is_said_with_its_reason(social: FakePlatform, at_desk: Desk) -> None:
    give_access()
    social.will("lock us out")
    released()
    shown = state_of(at_desk(town.emil()))
    assert shown.startswith("Zugang fehlt ")
    assert "Bitte den Kanal neu verbinden. Ein Beitrag wartet." in shown


def test_an_address_we_refuse_to_call_is_no_matter_of_patience(website: FakePlatform, at_desk: Desk) -> None:
    """The real platform, whose server stands in the own network."""
    channel = town.channel("mastodon", position=20)
    channel.settings, channel.secrets = {"instance": "http://10.0.0.1"}, {"access_token": "richtig"}
    channel.save()
    released()
    shown = said(at_desk(town.emil()))
    assert "Zugang fehlt Die Adresse von Mastodon führt ins interne Netz und wird nicht aufgerufen." in shown
    assert "Geduld" not in shown
    assert [str(each) for each in alarms()] == ["Mastodon: Der Zugang fehlt. Bitte den Kanal neu verbinden."]


def test_an_account_that_the_platform_restricted_is_called_so(social: FakePlatform, at_desk: Desk) -> None:
    """New access would not help: only the platform can, and a check that goes through ends it."""
    give_access()
    social.will("ban us")
    released()
    client = at_desk(town.emil())
    words = "gesperrt Meta hat das Konto eingeschränkt. Bitte bei Social klären, dann unter „Kanäle“ prüfen. "
    assert state_of(client).startswith(f"{words}Ein Beitrag wartet.")
    address = Delivery.objects.get(channel=the_channel()).release.post.address
    board = words_of(client.get(f"/beitrag/{address}/zustellung").content.decode())
    assert words.strip() in board
    assert "neu verbinden" not in board
    assert [str(each) for each in alarms()] == ["Social: Social hat das Konto gesperrt. Bitte bei Social klären."]
    client.post(f"/kanaele/{the_channel().key}/pruefen")
    work()
    assert social.timeline == [town.ROADWORKS]
    assert alarms() == []


def test_the_last_success_stands_in_every_state(social: FakePlatform, at_desk: Desk) -> None:
    give_access()
    released()
    client = at_desk(town.amira())
    assert re.search(r"verbunden Zuletzt gesehen: \d\d:\d\d Uhr, nach \d+,\d s\.", state_of(client))
    client.post(f"/kanaele/{the_channel().key}", {"act": "pause", "because": "Umbau"})
    assert re.search(r"angehalten Umbau Zuletzt gesehen: \d\d:\d\d Uhr", state_of(client))
    client.post(f"/kanaele/{the_channel().key}", {"act": "resume"})
    assert "Social sendet wieder." in said(client)


def test_a_pause_asks_for_its_reason(social: FakePlatform, at_desk: Desk) -> None:
    client = at_desk(town.amira())
    client.post(f"/kanaele/{the_channel().key}", {"act": "pause", "because": "  "})
    assert "Bitte sagen Sie, warum Social anhält." in said(client)
    assert the_channel().paused_at is None


def test_a_stopped_channel_takes_nothing_more_and_says_where_to_read(social: FakePlatform, at_desk: Desk) -> None:
    social.will("ask for patience for 600 seconds")
    post = town.written(town.ROADWORKS, by=town.amira())
    publish(post, by=town.amira(), revision=post.revision)
    work()
    client = at_desk(town.amira())
    words = {"because": "Die Plattform schließt.", "redirect": "Lesen Sie uns hier."}
    client.post(f"/kanaele/{the_channel().key}/stilllegen", {**words, "act": "stop"})
    town.let_time_pass(700)
    work()
    assert social.timeline == []
    assert "Stillgelegt Social Die Plattform schließt." in said(client)
    assert Delivery.objects.get(channel__platform="social-fake").state == "lapsed"
    client.post(f"/kanaele/{the_channel().key}/stilllegen", {"act": "start"})
    assert the_channel().is_active
    told = ProcrastinateJob.objects.filter(task_name="ausrufer.public.tasks.tell_of_channels")
    assert told.count() == 2  # the own pages say so at once, both times


def test_what_becomes_of_long_texts_is_the_channels_and_the_default_while_writing(
    website: FakePlatform, at_desk: Desk
) -> None:
    channel, client = town.channel("mastodon", position=20), at_desk(town.amira())
    assert "Zu lange Texte: kürzen mit Link" in said(client)
    client.post("/kanaele/mastodon", {"act": "when_long", "when_long": "chain"})
    assert "Mastodon: Zu lange Texte werden eine Kette." in said(client)
    assert "Zu lange Texte: als Kette" in said(client)
    post = town.written("Die Stadtwerke erneuern die Wasserleitung in der Südallee. " * 12, by=town.amira())
    page = client.get(f"/beitrag/{post.address}/schreiben").content.decode()
    assert "zu lang: wird eine Kette" in words_of(page)
    assert 'name="when_long-mastodon" value="chain" checked' in page
    client.post("/kanaele/mastodon", {"act": "when_long", "when_long": "cut"})
    channel.refresh_from_db()
    assert channel.when_long == "chain"


def test_a_guest_author_does_not_set_the_default(website: FakePlatform, at_desk: Desk) -> None:
    town.channel("mastodon", position=20)
    client = at_desk(town.bernd())
    assert "Zu lange Texte" not in said(client)
    assert client.post("/kanaele/mastodon", {"act": "when_long", "when_long": "chain"}).status_code == 403


@pytest.mark.parametrize("path", ["/", "/kanaele", "/kanaele/weg", "/schreiben", "/beitraege"])
def test_a_platform_that_is_no_longer_there_stops_no_page(website: FakePlatform, at_desk: Desk, path: str) -> None:
    town.channel("weg", position=50)
    assert at_desk(town.amira()).get(path, follow=True).status_code in (200, 405)
