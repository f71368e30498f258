"""Connecting and testing a channel: secrets are never shown again, and a wrong entry loses nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from ausrufer.adapter import registry
from ausrufer.adapter.http import Http
from ausrufer.adapter.supplies import Supplies
from ausrufer.adapter.testing import FakePlatform
from ausrufer.channels.models import Channel, HeldFor
from tests import town
from tests.desk.social import Desk, give_access, released, said, state_of, the_channel
from tests.sandbox.playing import playing_threads
from tests.system import words_of


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


@pytest.mark.parametrize("address", ["http://[::1", "https://", "social.example"])
def test_an_address_that_is_none_is_said_at_the_form(social: FakePlatform, at_desk: Desk, address: str) -> None:
    client = at_desk(town.emil())
    answer = client.post(f"/kanaele/{the_channel().key}/verbinden", {"instance": address, "token": "richtig"})
    assert "Bitte die ganze Adresse, sie beginnt mit https://." in answer.content.decode()


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


def test_the_way_to_the_form_is_called_what_it_is_for(social: FakePlatform, at_desk: Desk) -> None:
    client = at_desk(town.emil())
    assert " Verbinden : Social" in said(client)
    give_access()
    assert " Zugang ändern : Social" in said(client)
    form = words_of(client.get(f"/kanaele/{the_channel().key}/verbinden").content.decode())
    assert "Social: Zugang ändern" in form
    Channel.objects.filter(platform="social-fake").update(held_for=HeldFor.ACCESS)
    assert " Neu verbinden : Social" in said(client)


def test_a_guest_author_connects_nothing(social: FakePlatform, at_desk: Desk) -> None:
    client = at_desk(town.bernd())
    for address in ("neu", f"{the_channel().key}/verbinden", f"{the_channel().key}/stilllegen", "zugestimmt"):
        assert client.get(f"/kanaele/{address}").status_code == 403


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


def test_an_english_desk_connects_in_english(social: FakePlatform) -> None:
    town.channel("mastodon", position=20)
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.emil())
    page = words_of(client.post("/kanaele/mastodon/verbinden", {"instance": ""}).content.decode())
    assert "Address of the instance" in page
    assert "Please fill in “Access token”." in page
    assert "Instanz" not in page
