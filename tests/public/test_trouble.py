"""The public folder on a bad day: the board says what to do, and the post goes out once it is done."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from ausrufer.adapter.errors import Holds, TryLater
from ausrufer.channels.models import Channel
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.orders import order_of, rendition_of
from ausrufer.deliveries.states import State
from ausrufer.kernel.sentence import Sentence
from ausrufer.public.models import PublicEntry, PublicEvent
from ausrufer.public.pages import PublicPages
from ausrufer.public.rebuild import rebuild, rerender
from ausrufer.public.trouble import cannot_write
from tests import town
from tests.deliveries.conftest import work
from tests.public.conftest import OwnPages, own_delivery, published, released
from tests.public.test_pages import illustrated

ROADWORKS = "Die Saarstraße ist gesperrt. Grund ist ein Schaden."


def sentence_of(delivery: Delivery) -> str:
    delivery.refresh_from_db()
    assert delivery.sentence
    return str(Sentence.from_json(delivery.sentence))


def test_a_folder_that_is_none_keeps_the_post_waiting_and_says_what_to_do(pages: OwnPages) -> None:
    shutil.rmtree(pages.folder)
    pages.folder.write_text("Hier sollte ein Ordner sein.")
    delivery = published(ROADWORKS)
    assert delivery.state == State.WAITING
    expected = f"{pages.folder} soll der öffentliche Ordner sein, ist aber keiner. Bitte die Datei dort entfernen."
    assert sentence_of(delivery) == expected
    assert Channel.objects.get(key="website").held_for
    assert not PublicEntry.objects.exists() and not PublicEvent.objects.exists()

    pages.folder.unlink()
    town.let_time_pass(6)
    work()
    assert own_delivery(delivery.release.post.address).state == State.ONLINE
    assert pages.posts() == [delivery.release.post.address]


def test_a_post_that_is_online_stays_in_the_lists_when_writing_it_again_fails(pages: OwnPages) -> None:
    delivery = published(ROADWORKS)
    place = pages.folder / "b" / delivery.release.post.address
    before = pages.text("/")
    (place / ".index.html.new").mkdir()
    with pytest.raises(TryLater):
        PublicPages().put(order_of(delivery), rendition_of(delivery))
    assert pages.text("/") == before
    assert PublicEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.ENOSPC, "ist voll. Bitte Platz schaffen."),
        (errno.EACCES, "ist nicht beschreibbar. Bitte die Rechte prüfen."),
        (errno.EROFS, "ist nur zum Lesen eingehängt."),
        (errno.EIO, "lässt sich nicht schreiben. Bitte Platte und Rechte prüfen."),
    ],
)
def test_each_kind_of_trouble_names_the_folder_and_its_remedy(settings: Settings, number: int, says: str) -> None:
    settings.PUBLIC_FOLDER = Path("/srv/aktuell")
    trouble = cannot_write(OSError(number, "…"))
    assert says in str(trouble.sentence)
    assert "/srv/aktuell" in str(trouble.sentence)
    assert (trouble.seconds, trouble.holds) == (5.0, Holds.WRITING)


def test_a_lost_picture_holds_its_own_post_and_no_other(pages: OwnPages, settings: Settings) -> None:
    delivery = illustrated("Plan")
    Delivery.objects.filter(pk=delivery.pk).update(state=State.WAITING, placement=None)
    shutil.rmtree(settings.MEDIA_FOLDER)
    shutil.rmtree(pages.folder / "media")
    other = published(ROADWORKS)
    assert "Ein Bild des Beitrags fehlt" in sentence_of(delivery)
    assert other.state == State.ONLINE


def test_after_the_folder_was_lost_all_of_it_is_made_anew(pages: OwnPages) -> None:
    addresses = [published(f"Beitrag {name}. Gut.").release.post.address for name in "ABC"]
    before = {path: pages.posts(path) for path in ("/", "/thema/roadworks")}
    shutil.rmtree(pages.folder)
    rebuild()
    assert {path: pages.posts(path) for path in before} == before
    assert all(pages.text(f"/b/{address}") for address in addresses)
    assert pages.text("/impressum") and pages.text("/style.css") and pages.text("/404.html")


def test_a_lost_picture_does_not_keep_the_other_pages_from_being_made_anew(pages: OwnPages, settings: Settings) -> None:
    lost, kept = illustrated("Plan"), published(ROADWORKS)
    shutil.rmtree(pages.folder)
    shutil.rmtree(settings.MEDIA_FOLDER)
    rebuild()
    assert pages.text(f"/b/{kept.release.post.address}")
    assert not pages.text(f"/b/{lost.release.post.address}")


def test_an_empty_database_deletes_nothing_that_is_public(pages: OwnPages) -> None:
    """Somebody may have started the system on the wrong database."""
    address = published(ROADWORKS).release.post.address
    PublicEntry.objects.all().delete()
    Delivery.objects.all().delete()
    rebuild()
    assert pages.text(f"/b/{address}")


def test_a_post_interrupted_before_its_row_was_stored_stays_where_readers_saw_it(pages: OwnPages) -> None:
    delivery = released(ROADWORKS)
    PublicPages().put(order_of(delivery), rendition_of(delivery))  # and the dispatcher dies
    published("Der nächste Beitrag. Auch gut.")
    assert delivery.release.post.address in pages.posts()


def test_rendering_again_is_tried_again_when_the_folder_takes_nothing(pages: OwnPages) -> None:
    address = published(ROADWORKS).release.post.address
    blocked = pages.folder / "b" / address / ".index.html.new"
    blocked.mkdir()
    with pytest.raises(OSError):
        rerender()
    blocked.rmdir()
    assert rerender() == 1
    assert "Online seit" in pages.words(f"/b/{address}")
