"""Connecting, testing and stopping a channel: secrets are never shown again, and a wrong entry loses nothing."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from ausrufer.adapter import registry
from ausrufer.adapter.contract import Connection, Field, Profile
from ausrufer.adapter.errors import LockedOut, TryLater
from ausrufer.adapter.http import Http
from ausrufer.adapter.supplies import Supplies
from ausrufer.adapter.testing import FakePlatform
from ausrufer.channels.models import Channel, HeldFor
from ausrufer.channels.renewal import renew_due
from ausrufer.channels.secret_store import ChannelSecrets
from ausrufer.deliveries.alarms import alarms
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.publish import publish
from ausrufer.kernel.clock import clock_words
from ausrufer.kernel.database_clock import database_now
from ausrufer.people.models import User
from tests import town
from tests.deliveries.conftest import work
from tests.desk.conftest import named
from tests.sandbox.playing import playing_threads
from tests.system import words_of

Desk = Callable[[User], Client]
FIELDS = (
    Field("instance", "Adresse der Instanz", "z. B. https://social.example", kind="url"),
    Field("token", "Zugangswort", is_secret=True),
)


@pytest.fixture
def social(website: FakePlatform) -> Iterator[FakePlatform]:
    fake = FakePlatform("social-fake", name="Social")
    facts = dataclasses.replace(fake.facts, has_profile=True, connects_by_redirect=True, renews=True)
    platform = fake.platform

    def profile(self: Any) -> Profile:
        if "weg" in self.settings.get("instance", ""):
            raise TryLater("Social ist nicht erreichbar.", seconds=15)
        if self.secrets.get("token") != "richtig":
            raise LockedOut("Social lässt uns nicht hinein.")
        return Profile("Stadt Trier", "@stadt")

    def connected(self: Any, answer: Mapping[str, str], redirect: str) -> Connection:
        if answer.get("code") != "abc":
            raise LockedOut("Social hat die Zustimmung nicht bestätigt.")
        return Connection({}, {"token": "richtig"}, database_now() + timedelta(days=60))

    def renew(self: Any) -> Connection:
        return Connection({}, {"token": "erneuert"}, database_now() + timedelta(days=60))

    platform.capabilities = facts
    platform.fields = classmethod(lambda cls: FIELDS)  # type: ignore[assignment]
    platform.profile = profile  # type: ignore[method-assign]
    platform.connected = connected  # type: ignore[method-assign]
    platform.renew = renew  # type: ignore[method-assign]
    platform.connect_url = lambda self, redirect, state: f"https://social.example/agree?state={state}"  # type: ignore[method-assign]
    yield from named(fake, "Social", 30)


def the_channel() -> Channel:
    return Channel.objects.get(platform="social-fake")


def said(client: Client) -> str:
    return words_of(client.get("/kanaele").content.decode())


def test_a_token_is_stored_tested_and_never_shown_again(social: FakePlatform, at_desk: Desk) -> None:
    client = at_desk(town.emil())
    address = f"/kanaele/{the_channel().key}/verbinden"
    client.post(address, {"instance": "https://social.example", "token": "richtig"})
    assert "Social ist verbunden: @stadt." in said(client)
    form = client.get(address).content.decode()
    assert "richtig" not in form
    assert "Gespeichert und nicht mehr zu sehen." in form


def test_an_empty_secret_keeps_the_stored_one(social: FakePlatform, at_desk: Desk) -> None:
    client = at_desk(town.emil())
    address = f"/kanaele/{the_channel().key}/verbinden"
    client.post(address, {"instance": "https://social.example", "token": "richtig"})
    client.post(address, {"instance": "https://anders.example", "token": ""})
    assert the_channel().secrets["token"] == "richtig"
    assert the_channel().settings["instance"] == "https://anders.example"


def test_a_wrong_entry_names_the_field_and_saves_nothing(social: FakePlatform, at_desk: Desk) -> None:
    answer = at_desk(town.emil()).post(
        f"/kanaele/{the_channel().key}/verbinden", {"instance": "social.example", "token": ""}
    )
    page = answer.content.decode()
    assert "Bitte die ganze Adresse, sie beginnt mit https://." in page
    assert "Bitte „Zugangswort“ eintragen." in page
    assert 'value="social.example"' in page
    assert the_channel().settings == {}


def test_a_wrong_token_is_said_at_once(social: FakePlatform, at_desk: Desk) -> None:
    client = at_desk(town.emil())
    client.post(f"/kanaele/{the_channel().key}/verbinden", {"instance": "https://social.example", "token": "falsch"})
    assert "Social lässt uns nicht hinein." in said(client)


def test_access_that_failed_its_check_is_not_called_connected(social: FakePlatform, at_desk: Desk) -> None:
    client = at_desk(town.emil())
    address = f"/kanaele/{the_channel().key}/verbinden"
    client.post(address, {"instance": "https://social.example", "token": "falsch"})
    client.get("/kanaele")  # here the failure is said once
    assert state_of(client).startswith("Zugang fehlt Social lässt uns nicht hinein. Bitte den Kanal neu verbinden. ")
    client.post(address, {"instance": "https://social.example", "token": "richtig"})
    client.get("/kanaele")
    assert state_of(client).startswith("verbunden ")


def test_a_wrong_token_does_not_take_the_place_of_a_good_one(social: FakePlatform, at_desk: Desk) -> None:
    give_access()
    client, address = at_desk(town.emil()), f"/kanaele/{the_channel().key}/verbinden"
    page = client.post(address, {"instance": "https://anders.example", "token": "falsch"})
    assert page.status_code == 422
    words = words_of(page.content.decode())
    assert "Social: Social lässt uns nicht hinein. Der bisherige Zugang bleibt." in words
    assert "Social: Zugang ändern" in words
    assert 'value="https://anders.example"' in page.content.decode()
    assert "falsch" not in page.content.decode()
    assert state_of(client).startswith("verbunden ")
    released()
    assert social.timeline == [town.ROADWORKS]
    assert (the_channel().secrets["token"], the_channel().settings["instance"]) == ("richtig", "https://social.example")


def test_new_access_is_kept_where_the_platform_is_away(social: FakePlatform, at_desk: Desk) -> None:
    give_access(secrets={"token": "alt"})
    client, address = at_desk(town.emil()), f"/kanaele/{the_channel().key}/verbinden"
    client.post(address, {"instance": "https://weg.example", "token": "richtig"})
    assert "Social: Social ist nicht erreichbar." in said(client)
    assert state_of(client).startswith("nicht geprüft ")
    assert the_channel().secrets["token"] == "richtig"


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


def test_a_delivery_proves_the_access_as_well(social: FakePlatform, at_desk: Desk) -> None:
    client = at_desk(town.emil())
    client.post(f"/kanaele/{the_channel().key}/verbinden", {"instance": "https://social.example", "token": "anders"})
    released()
    client.get("/kanaele")
    assert state_of(client).startswith("verbunden Zuletzt gesehen")


def test_a_platform_that_is_away_says_nothing_against_proven_access(social: FakePlatform, at_desk: Desk) -> None:
    give_access(settings={"instance": "https://weg.example"})
    client = at_desk(town.emil())
    client.post(f"/kanaele/{the_channel().key}/pruefen")
    assert "Social: Social ist nicht erreichbar." in said(client)
    assert state_of(client).startswith("verbunden ")


def test_agreeing_at_the_platform_comes_back_here(social: FakePlatform, at_desk: Desk) -> None:
    client = at_desk(town.amira())
    entered = {"instance": "https://social.example", "token": "egal", "act": "agree"}
    assert "bei Social zustimmen" in client.get(f"/kanaele/{the_channel().key}/verbinden").content.decode()
    page = client.post(f"/kanaele/{the_channel().key}/verbinden", entered).content.decode()
    assert "Weiter zu Social" in words_of(page)
    [state] = set(re.findall(r"https://social.example/agree\?state=([\w-]+)", page))
    client.get("/kanaele/zugestimmt", {"state": state, "code": "abc"})
    assert the_channel().secrets["token"] == "richtig"
    assert the_channel().expires_at
    assert "Social ist verbunden" in said(client)


def test_a_round_trip_that_nobody_began_changes_nothing(social: FakePlatform, at_desk: Desk) -> None:
    client = at_desk(town.amira())
    client.get("/kanaele/zugestimmt", {"state": "erfunden", "code": "abc"})
    assert the_channel().secrets == {}
    assert "nicht von hier begonnen" in said(client)


def test_new_access_lets_go_what_was_held(social: FakePlatform, at_desk: Desk) -> None:
    Channel.objects.filter(platform="social-fake").update(held_for=HeldFor.ACCESS)
    at_desk(town.emil()).post(
        f"/kanaele/{the_channel().key}/verbinden", {"instance": "https://social.example", "token": "richtig"}
    )
    assert the_channel().held_for == ""


def test_a_new_channel_is_added_and_asks_for_its_access(social: FakePlatform, at_desk: Desk) -> None:
    client = at_desk(town.emil())
    assert '<option value="social-fake">Social</option>' in client.get("/kanaele/neu").content.decode()
    answer = client.post("/kanaele/neu", {"platform": "social-fake", "name": "Social Stadtwerke"}, follow=True)
    assert "Social Stadtwerke verbinden" in words_of(answer.content.decode())
    assert not Channel.objects.get(name="Social Stadtwerke").chosen_by_default


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


def test_of_access_that_lasts_for_hours_nobody_says_that_it_ends(social: FakePlatform, at_desk: Desk) -> None:
    social.platform.capabilities = dataclasses.replace(social.platform.capabilities, has_brief_access=True)
    give_access(expires_at=database_now() + timedelta(hours=2))
    assert alarms() == []
    assert state_of(at_desk(town.emil())) == "verbunden Noch nichts gesendet."


def test_x_is_such_a_channel() -> None:
    assert registry.platform_class("x").capabilities.has_brief_access


@pytest.mark.parametrize(("left", "step"), [(19, "20"), (9, "10"), (4, "5")])
def test_alarms_come_at_twenty_ten_and_five_days(social: FakePlatform, left: int, step: str) -> None:
    Channel.objects.filter(platform="social-fake").update(expires_at=database_now() + timedelta(days=left, hours=1))
    assert [str(each) for each in alarms()] == [
        f"Social: Die Anmeldung läuft in höchstens {step} Tagen ab. Bitte den Kanal neu verbinden."
    ]


def test_a_guest_author_connects_nothing(social: FakePlatform, at_desk: Desk) -> None:
    client = at_desk(town.bernd())
    for address in ("neu", f"{the_channel().key}/verbinden", f"{the_channel().key}/stilllegen", "zugestimmt"):
        assert client.get(f"/kanaele/{address}").status_code == 403


@pytest.mark.django_db
def test_a_rotating_token_is_committed_before_it_is_used(social: FakePlatform) -> None:
    key = the_channel().key
    assert ChannelSecrets().renew(key, lambda stored: {**stored, "token": "neu"}) == {"token": "neu"}
    assert the_channel().secrets == {"token": "neu"}


def state_of(client: Client) -> str:
    """What the page says of the channel, up to the links."""
    return re.split(r" (?:Verbinden|Neu verbinden|Zugang ändern) :", said(client).split("Social ", 1)[1])[0]


def give_access(**more: Any) -> None:
    facts = {"settings": {"instance": "https://social.example"}, "secrets": {"token": "richtig"}} | more
    channel = the_channel()
    for name, value in facts.items():
        setattr(channel, name, value)
    channel.save()


def test_a_channel_without_access_says_so(social: FakePlatform, at_desk: Desk) -> None:
    client = at_desk(town.emil())
    assert state_of(client).startswith("noch nicht verbunden Was hierher soll, wartet,")
    give_access()
    assert state_of(client) == "verbunden Noch nichts gesendet."


@pytest.mark.parametrize(
    ("left", "words"),
    [(21, "verbunden"), (5, "Anmeldung läuft in 5 Tagen ab"), (0, "läuft bald ab"), (-1, "Anmeldung ist abgelaufen")],
)
def test_an_ending_access_is_said_with_its_days(social: FakePlatform, at_desk: Desk, left: int, words: str) -> None:
    give_access(expires_at=database_now() + timedelta(days=left, hours=1))
    shown = state_of(at_desk(town.emil()))
    assert words in shown
    assert ("Bitte den Kanal neu verbinden." in shown) == (left < 20)


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


@pytest.mark.parametrize("address", ["http://[::1", "https://", "social.example"])
def test_an_address_that_is_none_is_said_at_the_form(social: FakePlatform, at_desk: Desk, address: str) -> None:
    client = at_desk(town.emil())
    answer = client.post(f"/kanaele/{the_channel().key}/verbinden", {"instance": address, "token": "richtig"})
    assert "Bitte die ganze Adresse, sie beginnt mit https://." in answer.content.decode()


def test_the_way_to_the_form_is_called_what_it_is_for(social: FakePlatform, at_desk: Desk) -> None:
    client = at_desk(town.emil())
    assert " Verbinden : Social" in said(client)
    give_access()
    assert " Zugang ändern : Social" in said(client)
    form = words_of(client.get(f"/kanaele/{the_channel().key}/verbinden").content.decode())
    assert "Social: Zugang ändern" in form
    Channel.objects.filter(platform="social-fake").update(held_for=HeldFor.ACCESS)
    assert " Neu verbinden : Social" in said(client)


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


def test_a_test_makes_a_draft_nobody_sees(website: FakePlatform, at_desk: Desk, tmp_path: Path) -> None:
    """The real platform at its stand-in."""
    before = registry.platform("threads", {}, {}, {}).supplies
    with playing_threads(tmp_path) as standin:
        registry.equip(Supplies(http=Http(allowed_origins=[standin.origin])))
        channel = town.channel("threads", position=40)
        channel.settings, channel.secrets = {"api": standin.origin}, {"access_token": "demo-token"}
        channel.save()
        client = at_desk(town.emil())
        client.post("/kanaele/threads/pruefen")
        assert "Threads ist verbunden: stadt_trier. Ein Entwurf, den niemand sieht, wurde angenommen." in said(client)
        assert standin.timeline() == []
        channel.refresh_from_db()
        assert (channel.limits["posts_a_day"], channel.limits["posts_used"]) == (250, 0)  # asked in the same breath
    registry.equip(before)


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


def test_an_english_desk_connects_in_english(social: FakePlatform) -> None:
    town.channel("mastodon", position=20)
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.emil())
    page = words_of(client.post("/kanaele/mastodon/verbinden", {"instance": ""}).content.decode())
    assert "Address of the instance" in page
    assert "Please fill in “Access token”." in page
    assert "Instanz" not in page


def released() -> None:
    post = town.written(town.ROADWORKS, by=town.amira())
    publish(post, by=town.amira(), revision=post.revision)
    work()


@pytest.mark.parametrize("path", ["/", "/kanaele", "/kanaele/weg", "/schreiben", "/beitraege"])
def test_a_platform_that_is_no_longer_there_stops_no_page(website: FakePlatform, at_desk: Desk, path: str) -> None:
    town.channel("weg", position=50)
    assert at_desk(town.amira()).get(path, follow=True).status_code in (200, 405)
