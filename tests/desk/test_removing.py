"""A channel that was only begun can be removed; one that was ever used stays, and can be stopped."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from ausrufer.adapter.testing import FakePlatform
from ausrufer.channels.models import Channel
from ausrufer.deliveries.publish import publish
from ausrufer.people.models import AuditEntry, User
from ausrufer.posts.approval import approve
from tests import town
from tests.system import words_of

Desk = Callable[[User], Client]


def said(client: Client) -> str:
    return words_of(client.get("/kanaele").content.decode())


def begin(client: Client, name: str = "") -> None:
    client.post("/kanaele/neu", {"platform": "mastodon", "name": name})


def test_a_channel_that_was_only_begun_is_removed_by_a_second_press(website: FakePlatform, at_desk: Desk) -> None:
    client = at_desk(town.emil())
    begin(client)
    assert "Entfernen : Mastodon" in said(client)
    assert "Mastodon entfernen" in words_of(client.get("/kanaele/mastodon/entfernen").content.decode())
    assert Channel.objects.filter(key="mastodon").exists()  # looking at the page removes nothing
    client.post("/kanaele/mastodon/entfernen")
    assert "Mastodon ist entfernt." in said(client)
    assert not Channel.objects.filter(key="mastodon").exists()
    entry = AuditEntry.objects.get(act="removed")
    assert (entry.about, entry.who) == ("channel mastodon", town.emil())


def test_a_channel_that_was_only_begun_can_be_removed_after_it_was_stopped(
    website: FakePlatform, at_desk: Desk
) -> None:
    client = at_desk(town.emil())
    begin(client)
    client.post("/kanaele/mastodon/stilllegen", {"act": "stop", "because": "Ein Versehen."})
    assert "Entfernen : Mastodon" in said(client)
    client.post("/kanaele/mastodon/entfernen")
    assert not Channel.objects.filter(key="mastodon").exists()


def test_a_channel_with_a_delivery_stays(threads: FakePlatform, at_desk: Desk) -> None:
    client = at_desk(town.emil())
    post = town.written(town.ROADWORKS, by=town.amira())
    publish(post, by=town.amira(), revision=post.revision)
    assert "Entfernen" not in said(client)
    client.post("/kanaele/threads-fake/entfernen")
    assert "Threads gehört schon zu einem Beitrag und lässt sich nur stilllegen." in said(client)
    assert Channel.objects.filter(key="threads-fake").exists()


def test_a_channel_stays_while_a_post_is_approved_for_it(threads: FakePlatform, at_desk: Desk) -> None:
    post = town.written(town.ROADWORKS, by=town.amira())
    approve(post, by=town.amira(), revision=post.revision)
    at_desk(town.emil()).post("/kanaele/threads-fake/entfernen")
    assert Channel.objects.filter(key="threads-fake").exists()


def test_nobody_removes_the_own_website_and_no_guest_removes_anything(threads: FakePlatform, at_desk: Desk) -> None:
    assert at_desk(town.emil()).post("/kanaele/website-fake/entfernen").status_code == 403
    assert at_desk(town.bernd()).post("/kanaele/threads-fake/entfernen").status_code == 403
    assert Channel.objects.count() == 2


def test_a_second_channel_of_a_platform_gets_a_name_of_its_own(website: FakePlatform, at_desk: Desk) -> None:
    client = at_desk(town.emil())
    for name in ("", "", "Stadtwerke", ""):
        begin(client, name)
    assert list(Channel.objects.filter(platform="mastodon").order_by("id").values_list("name", flat=True)) == [
        "Mastodon",
        "Mastodon 2",
        "Stadtwerke",
        "Mastodon 3",
    ]
