"""A channel that a person serves: the desk shows what to carry there, and her word is the receipt."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from ausrufer.adapter.testing import FakePlatform
from ausrufer.deliveries.changes import withdraw
from ausrufer.deliveries.health import health
from ausrufer.deliveries.models import Delivery, Release
from ausrufer.deliveries.publish import publish
from ausrufer.deliveries.states import Act
from ausrufer.people.models import User
from ausrufer.posts import pictures, videos
from ausrufer.posts.models import Post
from tests import town
from tests.deliveries.conftest import work
from tests.desk.conftest import picture
from tests.posts.films import ALT, bring
from tests.system import words_of

Desk = Callable[[User], Client]
WHATSAPP = "https://whatsapp.example/channel/0029"


@pytest.fixture
def post(website: FakePlatform) -> Post:
    town.channel("byhand", key="whatsapp", position=90)
    written = town.written(town.ROADWORKS, by=town.amira())
    publish(written, by=town.amira(), revision=written.revision)
    work()
    return written


def page(client: Client, post: Post, what: str = "") -> str:
    return words_of(client.get(f"/beitrag/{post.address}/zustellung{what}").content.decode())


def carried(post: Post) -> Delivery:
    return Delivery.objects.get(release__post=post, channel__key="whatsapp")


def test_by_hand_there_is_nothing_to_connect_or_to_check(website: FakePlatform, at_desk: Desk) -> None:
    client = at_desk(town.emil())
    client.post("/kanaele/neu", {"platform": "byhand", "name": "Aushang"})
    form = words_of(client.get("/kanaele/byhand/verbinden").content.decode())
    assert "Aushang: Einstellungen" in form
    assert "verbinden" not in form
    assert "prüfen" not in form
    client.post("/kanaele/byhand/verbinden", {"limit": "500", "act": "enter"})
    channels = words_of(client.get("/kanaele").content.decode())
    assert "Die Einstellungen von „Aushang“ sind gespeichert." in channels
    assert "Einstellungen : Aushang" in channels
    assert "Prüfen" not in channels


def test_the_board_asks_a_person_and_nobody_else_is_held_up(post: Post, at_desk: Desk) -> None:
    board = page(at_desk(town.amira()), post)
    assert "von Hand zu übertragen" in board
    assert "Bitte den Text übertragen und hier bestätigen." in board
    assert "1 von 2" in board
    assert "Übertragen : Whatsapp" in board
    assert "1 zu übertragen" in words_of(at_desk(town.amira()).get("/kanaele").content.decode())


def test_only_who_can_carry_it_is_told_of_it(post: Post, at_desk: Desk) -> None:
    told = "Ein Text ist von Hand zu übertragen."
    assert told in words_of(at_desk(town.amira()).get("/").content.decode())
    for other in (town.bernd(), town.emil()):
        assert told not in words_of(at_desk(other).get("/").content.decode())


def test_a_channel_served_by_hand_sends_nothing_by_itself(post: Post, at_desk: Desk) -> None:
    assert "Neue Beiträge gehen hinaus." not in words_of(at_desk(town.amira()).get("/kanaele").content.decode())


def test_a_wrong_address_stays_in_its_field(post: Post, at_desk: Desk) -> None:
    form = {"act": "confirm", "address": "whatsapp.example/0029"}
    shown = at_desk(town.amira()).post(f"/beitrag/{post.address}/zustellung/{carried(post).key}", form)
    assert 'value="whatsapp.example/0029"' in shown.content.decode()


def test_the_page_shows_what_to_carry_there(post: Post, at_desk: Desk) -> None:
    shown = page(at_desk(town.amira()), post, f"/{carried(post).key}")
    assert "Das ist zu übertragen" in shown
    assert town.ROADWORKS in shown
    assert "Nochmal senden" not in shown


def test_pictures_are_there_to_be_carried_too(website: FakePlatform, at_desk: Desk) -> None:
    town.channel("byhand", key="whatsapp", position=90)
    written = town.written(town.ROADWORKS, by=town.amira())
    pictures.attach(written, file=picture(), name="plan.png", by=town.amira(), alt="Plan der Umleitung")
    written.refresh_from_db()
    publish(written, by=town.amira(), revision=written.revision)
    work()
    amira = at_desk(town.amira())
    shown = amira.get(f"/beitrag/{written.address}/zustellung/{carried(written).key}").content.decode()
    assert "Bild 1 laden Plan der Umleitung" in words_of(shown)
    [file] = re.findall(r'href="(/bild/[^"]+)" download', shown)
    assert amira.get(file)["Content-Type"].startswith("image/")


def test_a_film_is_there_to_be_carried_too_as_soon_as_it_is_made(
    website: FakePlatform, at_desk: Desk, settings: Settings, tmp_path: Path
) -> None:
    settings.UPLOADS_FOLDER = tmp_path / "uploads"
    town.channel("byhand", key="whatsapp", position=90)
    written = town.written(town.ROADWORKS, by=town.amira())
    film = bring(written, tmp_path, by=town.amira())
    amira = at_desk(town.amira())
    draft = amira.get(f"/beitrag/{written.address}/schreiben").content.decode()
    assert "Hier steht das Video, sobald es umgewandelt ist." in draft.partition('id="preview-whatsapp"')[2]
    publish(written, by=town.amira(), revision=written.revision)
    work()
    assert "Whatsapp ganzer Text, 1 Video" in page(amira, written)
    assert "Bitte Text und Video übertragen und hier bestätigen." in page(amira, written)
    task = f"/beitrag/{written.address}/zustellung/{carried(written).key}"
    awaited = amira.get(task).content.decode()
    assert "dann ist es hier zu laden und steht auf der eigenen Seite:" in words_of(awaited)
    assert f'/b/{written.address}">' in awaited
    assert "Video 1 laden" not in awaited
    videos.make(film.pk)
    shown = amira.get(task).content.decode()
    assert f"Video 1 laden {ALT}" in words_of(shown)
    [file] = re.findall(r'href="(/bild/[^"]+)" download', shown)
    assert amira.get(file)["Content-Type"] == "video/mp4"


def test_her_word_and_the_link_are_the_receipt(post: Post, at_desk: Desk) -> None:
    client = at_desk(town.amira())
    client.post(f"/beitrag/{post.address}/zustellung/{carried(post).key}", {"act": "confirm", "address": WHATSAPP})
    assert "von Hand bestätigt" in page(client, post)
    assert carried(post).address == WHATSAPP
    assert "2 von 2" in page(client, post)


def test_it_is_a_task_and_nothing_is_wrong(post: Post, at_desk: Desk) -> None:
    amira = at_desk(town.amira())
    home = words_of(amira.get("/").content.decode())
    assert "Ein Text ist von Hand zu übertragen." in home
    assert "Übertragen : Whatsapp" in home
    assert "stimmt nicht" not in home
    listed = words_of(amira.get("/beitraege?state=open").content.decode())
    assert "Amira von Hand zu übertragen" in listed
    assert "0 Beiträge" in words_of(amira.get("/beitraege?state=wrong").content.decode())
    assert health().alarms == []


def test_what_nobody_carried_for_four_hours_raises_an_alarm(post: Post, at_desk: Desk) -> None:
    town.let_time_pass(4 * 3600 + 1)
    amira = at_desk(town.amira())
    home = words_of(amira.get("/").content.decode())
    assert "Eine Sache stimmt nicht." in home
    assert "ist seit über vier Stunden von Hand zu übertragen." in home
    assert "Ein Text ist von Hand" not in home
    assert "Amira stimmt nicht" in words_of(amira.get("/beitraege?state=wrong").content.decode())
    assert health().alarms == [f"Whatsapp: „{post.address}“ ist seit über vier Stunden von Hand zu übertragen."]


def test_nobody_carries_what_was_taken_back(post: Post, at_desk: Desk) -> None:
    withdraw(Release.objects.get(post=post), reason="Die Sperrung entfällt.", by=town.amira())
    amira = at_desk(town.amira())
    assert "zu übertragen" not in words_of(amira.get("/").content.decode()).partition("Kanäle Website")[0]
    assert "nicht mehr zu übertragen Wer es schon tat" in page(amira, post)
    assert "Das ist zu übertragen" not in page(amira, post, f"/{carried(post).key}")
    assert "Er wird dort nicht gebraucht" in page(amira, post, f"/{carried(post).key}")


def test_what_was_carried_is_to_be_removed_by_hand_and_nothing_stays_unnoticed(post: Post, at_desk: Desk) -> None:
    client = at_desk(town.amira())
    client.post(f"/beitrag/{post.address}/zustellung/{carried(post).key}", {"act": "confirm", "address": WHATSAPP})
    form = words_of(client.get(f"/beitrag/{post.address}/zuruecknehmen").content.decode())
    assert "Whatsapp bitte dort von Hand; die Aufgabe steht danach in der Übersicht" in form
    client.post(f"/beitrag/{post.address}/zuruecknehmen", {"reason": "Die Sperrung entfällt."})
    work()
    home = words_of(client.get("/").content.decode())
    assert "Bitte von Hand entfernen: Die Saarstraße" in home
    assert "Entfernen : Whatsapp" in home
    assert "wird zurückgenommen" in words_of(client.get("/beitraege").content.decode())
    assert "von Hand zu entfernen Bitte den Beitrag dort von Hand entfernen" in page(client, post)

    task = f"/{Delivery.objects.get(act=Act.WITHDRAW, channel__key='whatsapp').key}"
    shown = client.get(f"/beitrag/{post.address}/zustellung{task}").content.decode()
    assert f"Das ist dort zu entfernen {town.ROADWORKS}" in words_of(shown)
    assert f'href="{WHATSAPP}"' in shown
    assert "nicht gebraucht" not in words_of(shown)
    answer = client.post(f"/beitrag/{post.address}/zustellung{task}", {"act": "confirm"}, follow=True)
    board = words_of(answer.content.decode())
    assert "Vermerkt: Whatsapp zeigt den Beitrag nicht mehr, von Hand bestätigt." in board
    assert "zurückgenommen von Hand bestätigt" in board
    assert "Von Hand" not in words_of(client.get("/").content.decode())
    assert "wird zurückgenommen" not in words_of(client.get("/beitraege").content.decode())
