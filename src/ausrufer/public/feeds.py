"""Atom and JSON Feed: the most data-saving way to follow the city."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed, Enclosure

from ausrufer.adapter.contract import Picture
from ausrufer.concept.facts import City
from ausrufer.public.articles import Article
from ausrufer.public.media import public_name

# What XML 1.0 cannot hold, not even escaped (section 2.2); one such sign would make the whole feed unreadable.
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Feed(Atom1Feed):
    """Entries carry the whole text, so that nobody has to visit us to read."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, {**item, "description": None})  # no summary: the content says it all
        handler.addQuickElement("content", item["content"], {"type": "html", "xml:lang": item["language"]})


def atom(folder: str, title: str, city: City, latest: list[Article]) -> str:
    """RFC 4287."""
    feed = Feed(
        title=title,
        link=f"{settings.PUBLIC_URL}/{folder}",
        description="",
        language="de",
        author_name=city.care,
        author_email=city.email or None,
        feed_url=f"{settings.PUBLIC_URL}/{folder}feed.atom",
    )
    for each in latest:
        feed.add_item(
            title=in_xml(each.title),
            link=settings.PUBLIC_URL + each.path,
            description="",
            unique_id=f"urn:uuid:{each.key}",
            pubdate=each.released_at,
            updateddate=each.released_at,
            categories=[each.topic] if each.topic else [],
            enclosures=[Enclosure(picture_url(one), str(one.size), one.mime) for one in each.rendition.pictures],
            content=in_xml(as_html(each)),
            language=each.rendition.language,
        )
    return feed.writeString("utf-8")


def as_html(one: Article) -> str:
    """Escaped like the page; pictures with their descriptions."""
    words = "".join(f"<p>{paragraph}</p>" for paragraph in [one.first, *one.rest])
    return words + "".join(
        f'<p><img src="{picture_url(each)}" alt="{html.escape(each.alt)}"></p>' for each in one.rendition.pictures
    )


def in_xml(text: str) -> str:
    return NOT_IN_XML.sub("\ufffd", text)


def picture_url(picture: Picture) -> str:
    return f"{settings.PUBLIC_URL}/{public_name(picture)}"


def json_feed(folder: str, title: str, city: City, latest: list[Article]) -> str:
    """JSON Feed, version 1.1."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": f"{settings.PUBLIC_URL}/{folder}",
        "feed_url": f"{settings.PUBLIC_URL}/{folder}feed.json",
        "language": "de",
        "authors": [{"name": city.care}],
        "items": [item(each) for each in latest],
    }
    return json.dumps(feed, ensure_ascii=False)


def item(one: Article) -> dict[str, Any]:
    return {
        "id": f"urn:uuid:{one.key}",
        "url": settings.PUBLIC_URL + one.path,
        "content_html": as_html(one),
        "content_text": one.rendition.text,
        "date_published": one.released_at.isoformat(),
        "language": one.rendition.language,
        "tags": [one.topic] if one.topic else [],
        "attachments": [
            {"url": picture_url(each), "mime_type": each.mime, "size_in_bytes": each.size, "title": each.alt}
            for each in one.rendition.pictures
        ],
    }
