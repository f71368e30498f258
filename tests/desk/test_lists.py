"""The first page of the day, the list of posts, and the channels."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from ausrufer.adapter.contract import Placement, Platform
from ausrufer.adapter.errors import Rejected
from ausrufer.adapter.testing import FakePlatform
from ausrufer.channels.models import Channel
from ausrufer.deliveries.changes import withdraw
from ausrufer.deliveries.models import Release
from ausrufer.deliveries.publish import publish
from ausrufer.people.models import User
from ausrufer.posts.models import Post
from tests import town
from tests.deliveries.conftest import work

Desk = Callable[[User], Client]


def let_go(text: str) -> Post:
    post = town.written(text, by=town.amira())
    publish(post, by=town.amira(), revision=post.revision)
    work()
    return post


def seen(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_a_quiet_day_is_said_in_a_sentence(threads: FakePlatform, at_desk: Desk) -> None:
    home = seen(at_desk(town.amira()), "/")
    assert "Nichts ist offen." in home
    assert "Noch ist kein Beitrag hinausgegangen." in home
    assert "Das stimmt nicht" not in home


def test_a_post_that_still_waits_is_not_called_done(threads: FakePlatform, at_desk: Desk) -> None:
    threads.will("ask for patience for 600 seconds")
    let_go("Der Wochenmarkt fällt aus.")
    home = seen(at_desk(town.amira()), "/")
    assert "Ein Beitrag ist noch unterwegs." in home
    assert "nichts ist offen" not in home


def test_what_failed_stands_first(threads: FakePlatform, at_desk: Desk) -> None:
    threads.will("refuse", "refuse", "refuse")
    let_go("Der Wochenmarkt fällt aus.")
    home = seen(at_desk(town.amira()), "/")
    assert "Eine Sache stimmt nicht." in home
    assert "Threads: „Der Wochenmarkt fällt aus“ ist dort nicht erschienen." in home
    assert "Threads nimmt diesen Beitrag nicht an." in home


def test_a_change_that_failed_is_called_what_it_is(
    threads: FakePlatform, at_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(self: Platform, placement: Placement) -> None:
        raise Rejected("Threads löscht nichts, was älter ist als ein Jahr.")

    monkeypatch.setattr(threads.platform, "withdraw", refuses)
    let_go("Der Wochenmarkt fällt aus.")
    withdraw(Release.objects.get(), reason="Überholt.", by=town.amira())
    work()
    home = seen(at_desk(town.amira()), "/")
    assert "Threads: „Der Wochenmarkt fällt aus“ ist dort nicht zurückgenommen." in home
    assert "Threads löscht nichts, was älter ist als ein Jahr." in home


def test_seconds_stand_in_the_column_of_their_channel(threads: FakePlatform, at_desk: Desk) -> None:
    let_go("Der Wochenmarkt fällt aus.")
    home = seen(at_desk(town.amira()), "/")
    assert home.index("Website</th>") < home.index("Threads</th>")
    assert "Der Wochenmarkt fällt aus." in home


@pytest.mark.parametrize(
    "words", ["gesperrt", "SPERREN gesperrte", "saarstrasse", "Saar", "leitung", "straße voll", "cafe"]
)
def test_posts_are_found_by_stem_beginning_and_without_accents(
    threads: FakePlatform, at_desk: Desk, words: str
) -> None:
    post = town.written(f"{town.ROADWORKS} Sperren gelten auch vor dem Café.", by=town.amira())
    town.written("Der Wochenmarkt fällt aus.", by=town.amira())
    page = seen(at_desk(town.amira()), f"/beitraege?q={words}")
    assert post.address in page
    assert "Ein Beitrag" in page


@pytest.mark.parametrize(
    "pasted",
    ["{}", " {} ", "https://aktuell.stadt.example/b/{}", "/b/{}/", "https://desk.example/beitrag/{}/zustellung"],
)
def test_a_post_is_found_by_its_address_as_it_was_pasted(threads: FakePlatform, at_desk: Desk, pasted: str) -> None:
    post = town.written(town.ROADWORKS, by=town.amira())
    town.written("Der Wochenmarkt fällt aus.", by=town.amira())
    page = at_desk(town.amira()).get("/beitraege", {"q": pasted.format(post.address)}).content.decode()
    assert "Saarstraße" in page
    assert "Ein Beitrag" in page and "Wochenmarkt" not in page


def test_nothing_found_gives_a_hint(threads: FakePlatform, at_desk: Desk) -> None:
    town.written(town.ROADWORKS, by=town.amira())
    assert "Weniger Wörter finden mehr." in seen(at_desk(town.amira()), "/beitraege?q=Marienkäfer%27%22%3A%26")


def test_posts_are_filtered_by_state_and_topic(threads: FakePlatform, at_desk: Desk) -> None:
    done, draft = let_go("Ist hinaus."), town.written("Noch ein Entwurf.", by=town.amira())
    amira = at_desk(town.amira())
    assert done.address in seen(amira, "/beitraege?state=done")
    assert draft.address not in seen(amira, "/beitraege?state=done")
    assert draft.address in seen(amira, "/beitraege?state=drafts")
    assert draft.address in seen(amira, "/beitraege?topic=roadworks")
    assert draft.address not in seen(amira, "/beitraege?topic=crisis")


def test_long_lists_have_pages(threads: FakePlatform, at_desk: Desk) -> None:
    for number in range(22):
        town.written(f"Meldung {number}.", by=town.amira())
    amira = at_desk(town.amira())
    assert "Seite 1 von 2" in seen(amira, "/beitraege?q=Meldung")
    assert "Meldung 0." in seen(amira, "/beitraege?q=Meldung&page=2")


def test_bernd_finds_no_drafts_of_others(threads: FakePlatform, at_desk: Desk) -> None:
    draft = town.written(town.ROADWORKS, by=town.amira())
    assert draft.address not in seen(at_desk(town.bernd()), "/beitraege")


def test_a_channel_is_paused_with_a_reason_and_resumed(threads: FakePlatform, at_desk: Desk) -> None:
    amira, key = at_desk(town.amira()), Channel.objects.get(name="Threads").key
    assert "Bitte sagen Sie, warum" in amira.post(f"/kanaele/{key}", {"act": "pause"}, follow=True).content.decode()
    amira.post(f"/kanaele/{key}", {"act": "pause", "because": "Falsches Konto verbunden"})
    post = let_go("Der Wochenmarkt fällt aus.")
    assert "angehalten" in seen(amira, "/kanaele")
    assert "Falsches Konto verbunden. Ein Beitrag wartet." in seen(amira, "/")
    assert "wartet: Kanal angehalten" in seen(amira, f"/beitrag/{post.address}/zustellung")
    amira.post(f"/kanaele/{key}", {"act": "resume"})
    work()
    assert threads.timeline == ["Der Wochenmarkt fällt aus."]


def test_bernd_pauses_nothing(threads: FakePlatform, at_desk: Desk) -> None:
    key = Channel.objects.get(name="Threads").key
    assert at_desk(town.bernd()).post(f"/kanaele/{key}", {"act": "pause", "because": "x"}).status_code == 403
