"""What feed readers get: valid, whole, and harmless."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from datetime import datetime

from ausrufer.deliveries import changes
from tests import town
from tests.deliveries.conftest import work
from tests.public.conftest import ADDRESS, OwnPages, published

ATOM = "{http://www.w3.org/2005/Atom}"
ROADWORKS = "Die Saarstraße ist gesperrt. Grund ist ein Schaden an der Wasserleitung."


def feed(pages: OwnPages, path: str = "/feed.atom") -> ElementTree.Element:
    return ElementTree.fromstring(pages.bytes(path))


def said(element: ElementTree.Element, name: str) -> str:
    found = element.find(ATOM + name)
    assert found is not None and found.text, name
    return found.text


def test_atom_has_what_the_standard_asks_for(pages: OwnPages) -> None:
    delivery = published(ROADWORKS)
    whole = feed(pages)
    [entry] = whole.findall(ATOM + "entry")
    assert said(whole, "title") == "Stadt Trier"
    assert said(entry, "id") == f"urn:uuid:{delivery.key}"
    assert said(entry, "title") == "Die Saarstraße ist gesperrt."
    assert "Wasserleitung" in said(entry, "content")
    for element in (whole, entry):
        assert datetime.fromisoformat(said(element, "updated")).tzinfo
    author = whole.find(ATOM + "author")
    assert author is not None and said(author, "name") == "Amt für Presse und Kommunikation"
    links = {link.get("rel"): link.get("href") for link in whole.findall(ATOM + "link")}
    assert links == {"alternate": f"{ADDRESS}/", "self": f"{ADDRESS}/feed.atom"}


def test_a_feed_without_posts_is_valid_and_always_the_same(pages: OwnPages) -> None:
    assert feed(pages).findall(ATOM + "entry") == []
    assert datetime.fromisoformat(said(feed(pages), "updated")).year == 2020
    assert pages.json("/feed.json")["items"] == []


def test_json_feed_has_what_the_standard_asks_for(pages: OwnPages) -> None:
    delivery = published(ROADWORKS)
    whole = pages.json("/feed.json")
    assert whole["version"] == "https://jsonfeed.org/version/1.1"
    assert whole["feed_url"] == f"{ADDRESS}/feed.json"
    [item] = whole["items"]
    assert item["id"] == f"urn:uuid:{delivery.key}"
    assert item["content_text"] == ROADWORKS
    assert item["tags"] == ["Baustellen"]
    assert datetime.fromisoformat(item["date_published"]).tzinfo


def test_a_corrected_post_is_the_same_entry_with_a_later_time(pages: OwnPages) -> None:
    """Otherwise a reader keeps the wrong text, or has both."""
    delivery = published(ROADWORKS)
    town.let_time_pass(3600)
    published("Der Rat hat beschlossen. Einstimmig.")
    town.let_time_pass(3600)
    changes.correct(delivery.release, text="Die Saarstraße ist frei.", reason="", by=town.amira())
    work()
    [_, entry] = feed(pages).findall(ATOM + "entry")
    assert said(entry, "id") == f"urn:uuid:{delivery.key}"
    published_at, updated = (datetime.fromisoformat(said(entry, name)) for name in ("published", "updated"))
    assert 7190 < (updated - published_at).total_seconds() < 7260
    assert said(feed(pages), "updated") == said(entry, "updated")
    [newer, item] = pages.json("/feed.json")["items"]
    assert item["id"] == f"urn:uuid:{delivery.key}"
    assert datetime.fromisoformat(item["date_modified"]) == updated.replace(microsecond=0)
    assert "date_modified" not in newer


def test_a_topic_has_feeds_of_its_own(pages: OwnPages) -> None:
    published(ROADWORKS)
    published("Der Rat hat beschlossen. Einstimmig.", topic="council")
    [entry] = feed(pages, "/thema/council/feed.atom").findall(ATOM + "entry")
    assert said(entry, "title") == "Der Rat hat beschlossen."
    assert len(pages.json("/feed.json")["items"]) == 2
    assert len(pages.json("/thema/roadworks/feed.json")["items"]) == 1


def test_markup_that_somebody_typed_stays_text_in_every_feed_reader(pages: OwnPages) -> None:
    published("Achtung <script>alert(1)</script> & Co. Mehr </entry> ]]> folgt.")
    [entry] = feed(pages).findall(ATOM + "entry")
    assert "&lt;script&gt;" in said(entry, "content")
    assert "<script>" not in json.dumps([item["content_html"] for item in pages.json("/feed.json")["items"]])


def test_signs_that_xml_cannot_hold_do_not_break_the_feed(pages: OwnPages) -> None:
    published("Ein\x0bAusdruck\x1baus\x08Word. Und \ufffe mehr.")
    [entry] = feed(pages).findall(ATOM + "entry")
    assert said(entry, "title").startswith("Ein")
