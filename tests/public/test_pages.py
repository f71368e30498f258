"""What Dora reads: the post's page, the timeline, the topic, the archive."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from PIL import Image

from ausrufer.adapter import registry
from ausrufer.adapter.testing import FakePlatform
from ausrufer.channels.models import Channel
from ausrufer.deliveries import pause
from ausrufer.deliveries.models import Delivery, Release
from ausrufer.deliveries.orders import placement_of
from ausrufer.deliveries.publish import publish
from ausrufer.deliveries.states import State
from ausrufer.kernel.database_clock import database_now
from ausrufer.newsletter.mailings import LetterPost
from ausrufer.posts import pictures
from ausrufer.posts.models import Post, Topic
from ausrufer.public import entries
from ausrufer.public.articles import articles
from ausrufer.public.folder import PublicFolder
from ausrufer.public.media import PublicMedia
from ausrufer.public.models import PublicEntry, PublicEvent
from ausrufer.public.pages import PublicPages
from ausrufer.public.rebuild import archive, lists, rerender
from ausrufer.public.tasks import tell_of_channels
from ausrufer.push.mailings import PushMailings
from tests import town
from tests.deliveries.conftest import work
from tests.public.conftest import ADDRESS, OwnPages, own_delivery, published, released

ROADWORKS = "Die Saarstraße ist ab Montag, 30. November, 7 Uhr, voll gesperrt. Grund ist ein Schaden."


def illustrated(alt: str, color: str = "teal") -> Delivery:
    """Published with one picture."""
    amira = town.amira()
    post = town.written(ROADWORKS, by=amira, about=Topic.objects.get(key="roadworks"))
    out = io.BytesIO()
    Image.new("RGB", (640, 400), color).save(out, "PNG")
    out.seek(0)
    pictures.attach(post, file=out, name="plan.png", by=amira, alt=alt, decorative=not alt)
    post.refresh_from_db()
    publish(post, by=amira, revision=post.revision)
    work()
    return own_delivery(post.address)


def address_of(delivery: Delivery) -> str:
    return delivery.release.post.address


def test_before_the_first_post_the_pages_say_so(pages: OwnPages) -> None:
    assert "Hier steht noch kein Beitrag." in pages.words("/")
    assert "Hier steht noch kein Beitrag." in pages.words("/archiv")
    assert pages.json("/latest.json") == {"newest": "", "count": 0, "poll": 60}


def test_a_topics_address_may_be_printed_before_its_first_post(pages: OwnPages) -> None:
    assert "Hier steht noch kein Beitrag." in pages.words("/thema/council")
    assert pages.json("/thema/council/feed.json")["items"] == []


def test_a_post_is_on_its_page_the_timeline_and_its_topic(pages: OwnPages) -> None:
    delivery = published(ROADWORKS)
    address = address_of(delivery)
    assert (delivery.state, delivery.confirmed_by) == (State.ONLINE, "page")
    assert "Die Saarstraße ist ab Montag, 30. November, 7 Uhr, voll gesperrt." in pages.words(f"/b/{address}")
    for place in ("/", "/thema/roadworks"):
        assert pages.posts(place) == [address]
    assert pages.posts("/thema/council") == []
    assert pages.json("/latest.json") == {"newest": address, "count": 1, "poll": 60}


def test_the_page_carries_the_mark_of_its_delivery(pages: OwnPages) -> None:
    delivery = published(ROADWORKS)
    mark = f'<meta name="ausrufer-delivery" content="{delivery.key}">'
    assert mark in pages.text(f"/b/{address_of(delivery)}")


def test_the_newest_post_stands_first_and_days_are_headings(pages: OwnPages) -> None:
    first = address_of(published("Gestern. Beschlossen."))
    town.let_time_pass(86_400)
    second = address_of(published("Heute. Gesperrt."))
    assert pages.posts() == [second, first]
    assert len(re.findall(r"<section data-day", pages.text("/"))) == 2


def test_a_post_with_a_due_time_stands_where_it_began_not_where_it_was_written(pages: OwnPages) -> None:
    later = released("Um acht. Erinnerung.", due_at=database_now() + timedelta(hours=2))
    now = address_of(published("Sofort. Gesperrt."))
    town.let_time_pass(7201)
    work()
    assert pages.posts() == [address_of(later), now]


def test_once_a_copy_was_seen_the_page_says_where_and_when(pages: OwnPages, threads: FakePlatform) -> None:
    address = address_of(published(ROADWORKS))
    assert "Veröffentlicht um" in pages.words(f"/b/{address}")  # nobody has looked yet when it is written
    rerender()
    page = pages.words(f"/b/{address}")
    assert re.search(r"Online seit \d\d:\d\d:\d\d Uhr", page)
    assert "dort lesen auf Threads" in page
    assert "Auch auf Threads" in pages.words("/")


def test_a_copy_that_is_seen_while_the_page_is_being_written_is_not_forgotten(
    pages: OwnPages, threads: FakePlatform
) -> None:
    address = address_of(published(ROADWORKS))
    copy = Delivery.objects.filter(channel__platform=threads.key)
    copy.update(state=State.SENT, seen_at=None)
    [read_before] = articles(copy.values_list("release", flat=True))
    copy.update(state=State.ONLINE, seen_at=database_now())
    town.let_time_pass(5)  # somebody else was writing in the folder
    entries.keep([read_before])
    assert rerender() == 1
    assert "dort lesen auf Threads" in pages.words(f"/b/{address}")


def test_a_shortened_copy_is_called_so(pages: OwnPages, threads: FakePlatform) -> None:
    address = address_of(published(ROADWORKS + " Umleitung über die Eberhardstraße." * 20))
    rerender()
    assert "gekürzt · dort lesen" in pages.words(f"/b/{address}")


def test_an_address_that_is_none_of_the_web_is_never_linked(pages: OwnPages, threads: FakePlatform) -> None:
    address = address_of(published(ROADWORKS))
    Delivery.objects.exclude(channel__platform="website").update(address="javascript:alert(1)")
    rerender()
    assert "javascript:" not in pages.text(f"/b/{address}")


def test_the_same_order_twice_makes_one_post_and_one_announcement(pages: OwnPages) -> None:
    delivery = published(ROADWORKS)
    Delivery.objects.filter(pk=delivery.pk).update(state=State.WAITING, placement=None)
    work()
    assert pages.posts() == [address_of(delivery)]
    assert PublicEvent.objects.count() == 1


def test_a_topic_shows_its_number_of_posts(pages: OwnPages) -> None:
    published(ROADWORKS)
    published("Noch eine Baustelle. Auch gesperrt.")
    published("Beschlossen. Der Rat.", topic="council")
    assert "Alle Stadtrat 1 Baustellen 2" in pages.words("/")


def test_the_archive_keeps_what_no_longer_fits_on_the_timeline(pages: OwnPages) -> None:
    first = address_of(published("Der allererste Beitrag. Lange her."))
    row = PublicEntry.objects.get(post=first)
    for number in range(40):
        copy = f"kopie{number:02}"
        row.pk, row.fragment, row.post = None, row.fragment.replace(row.post, copy), copy
        row.released_at += timedelta(milliseconds=1)
        row.save()
    town.let_time_pass(1)
    last = address_of(published("Der neueste Beitrag. Gerade eben."))
    assert len(pages.posts()) == 40
    assert pages.posts()[0] == last
    assert first not in pages.posts()
    archive()
    month = re.search(r"/archiv/\d{4}-\d\d", pages.text("/archiv"))
    assert month and {first, last} <= set(pages.posts(month.group()))
    assert "42" in pages.words("/archiv")


def test_a_picture_is_public_only_with_its_post(pages: OwnPages) -> None:
    address = address_of(illustrated("Umleitungsplan: Die Saarstraße ist gesperrt."))
    page = pages.text(f"/b/{address}")
    assert 'alt="Umleitungsplan: Die Saarstraße ist gesperrt."' in page
    [source] = re.findall(r'<img src="(/media/[^"]+)"', page)
    assert (pages.folder / source[1:]).stat().st_nlink == 2  # the stored file itself, no copy
    assert source[1:] in pages.json("/manifest.json")["files"]


def test_a_decorative_picture_is_no_link_without_words(pages: OwnPages) -> None:
    illustrated("")
    assert '<a href="/media' not in pages.text("/")
    assert 'alt=""' in pages.text("/")


def test_a_platform_gets_a_picture_by_its_public_address(pages: OwnPages) -> None:
    digest = illustrated("Plan").release.post.attachments.get().digest
    address = PublicMedia().public_url(digest)
    whole = PublicMedia().read(digest)
    assert pages.bytes(address.removeprefix(ADDRESS)) == whole
    assert PublicMedia().read(digest, 10, 20) == whole[10:30]
    assert PublicMedia().size(digest) == len(whole)


def test_what_is_taken_down_is_gone_everywhere_with_its_pictures(pages: OwnPages) -> None:
    stays = address_of(published("Das bleibt. Gut so."))
    delivery = illustrated("Plan")
    archive()
    for _ in range(2):  # harmless when repeated
        PublicPages().remove(placement_of(delivery))
    rerender()
    assert pages.text(f"/b/{address_of(delivery)}") == ""
    for place in ("/", "/thema/roadworks"):
        assert pages.posts(place) == [stays]
    assert address_of(delivery) not in pages.text("/feed.atom") + pages.text("/feed.json")
    assert list((pages.folder / "media").iterdir()) == []
    assert PublicEvent.objects.filter(kind="gone").count() == 1


def test_a_picture_that_another_post_shows_stays(pages: OwnPages) -> None:
    delivery, other = illustrated("Plan"), illustrated("Derselbe Plan")
    PublicPages().remove(placement_of(delivery))
    [source] = re.findall(r'<img src="(/media/[^"]+)"', pages.text(f"/b/{address_of(other)}"))
    assert (pages.folder / source[1:]).exists()


def test_an_urgent_post_is_marked_by_a_word_and_readers_ask_more_often(pages: OwnPages) -> None:
    delivery = released(town.STORM, topic="crisis")
    Post.objects.filter(pk=delivery.release.post_id).update(urgent=True)
    work()
    assert "Warnung Warnung vor schwerem Sturm" in pages.words("/")
    assert pages.json("/latest.json")["poll"] == 5


def test_the_first_sentence_carries_and_numbers_stay_with_their_units(pages: OwnPages) -> None:
    address = address_of(published("Der Pegel steht bei 6,20 m am 23. November. Mehr um 17 Uhr."))
    page = pages.text(f"/b/{address}")
    assert '<h1 id="titel" dir="auto">Der Pegel steht bei 6,20\u00a0m am 23.\u00a0November.</h1>' in page
    assert '<p dir="auto">Mehr um 17\u00a0Uhr.</p>' in page
    assert "\u00a0" not in Release.objects.get().post.text


def test_imprint_and_footer_come_from_the_concept(pages: OwnPages) -> None:
    imprint = pages.words("/impressum")
    for fact in ("Rathaus der Stadt Trier", "Wolfram Leibe", "DE149876342", "Michael Schmitz, Amtsleiter"):
        assert fact in imprint
    assert 'href="tel:06517180"' in pages.text("/")
    assert "datenschutz@trier.de" in pages.words("/datenschutz")


def test_no_link_on_the_pages_leads_nowhere(pages: OwnPages, threads: FakePlatform) -> None:
    illustrated("Plan")
    rerender()
    archive()
    for file in pages.folder.rglob("*.html"):
        for path in re.findall(r'(?:href|src)="(/[^"#]*)', file.read_text()):
            assert pages.bytes(path), f"{path} on {Path(file).relative_to(pages.folder)}"


def test_the_first_view_is_small(pages: OwnPages) -> None:
    """Page, style and script together, as a browser on a slow line gets them (goal: 14 KB)."""
    row = published(town.ROADWORKS)
    entry = PublicEntry.objects.get(post=row.release.post.address)
    for number in range(39):
        copy = f"kopie{number:02}"
        entry.pk, entry.fragment, entry.post = None, entry.fragment.replace(entry.post, copy), copy
        entry.save()
    lists(PublicFolder(pages.folder))
    sizes = {name: (pages.folder / f"{name}.br").stat().st_size for name in ("index.html", "style.css", "live.js")}
    assert len(pages.posts()) == 40
    assert sum(sizes.values()) < 14_000, sizes


def test_what_nobody_ordered_is_no_copy(pages: OwnPages) -> None:
    registry.equip(replace(registry._supplies[0], newsletter=LetterPost(), push=PushMailings()))
    for position, key in enumerate(("newsletter", "push"), 40):
        town.channel(key, position=position)
    address = address_of(published(ROADWORKS))
    rerender()
    assert Delivery.objects.filter(release__post__address=address, state=State.ONLINE).count() == 3
    assert "Auch auf" not in pages.words("/")
    assert "dort lesen" not in pages.words(f"/b/{address}")


def test_a_stopped_channel_is_named_only_where_something_appeared(pages: OwnPages, threads: FakePlatform) -> None:
    published(ROADWORKS)
    begun = town.channel("mastodon", position=20)
    for channel in (Channel.objects.get(platform=threads.key), begun):
        pause.stop(channel, because="Aus.", redirect=f"Statt {channel.name} lesen Sie hier.", by=town.amira())
    tell_of_channels()
    assert "Statt Threads lesen Sie hier." in pages.words("/")
    assert "Mastodon" not in pages.words("/")

    pause.start_again(Channel.objects.get(platform=threads.key), by=town.amira())
    tell_of_channels()
    assert "Statt Threads lesen Sie hier." not in pages.words("/")
