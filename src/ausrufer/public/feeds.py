"""Atom and JSON Feed: the most data-saving way to follow the city. Entries are finished once, then put together."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.xmlutils import SimplerXMLGenerator

from ausrufer.adapter.contract import Picture, Video
from ausrufer.concept.facts import City
from ausrufer.public.articles import Article
from ausrufer.public.media import public_name, there

END = "</feed>"
NEVER = datetime(2020, 1, 1, tzinfo=UTC)  # a feed without entries has to name some time, and always the same
# What XML 1.0 cannot hold, not even escaped (section 2.2); one such sign would make the whole feed unreadable.
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Feed(Atom1Feed):
    """Entries carry the whole text, so that nobody has to visit us to read."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, {**item, "description": None})  # no summary: the content says it all
        handler.addQuickElement("content", item["content"], {"type": "html", "xml:lang": item["language"]})


def atom(folder: str, title: str, city: City, entries: Sequence[str], newest: datetime | None) -> str:
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
    feed.latest_post_date = lambda: newest or NEVER  # type: ignore[method-assign]
    return feed.writeString("utf-8").replace(END, "".join(entries) + END)


def atom_entry(one: Article) -> str:
    feed = Feed(title="", link="", description="")
    feed.add_item(
        title=in_xml(one.title),
        link=settings.PUBLIC_URL + one.path,
        description="",
        unique_id=f"urn:uuid:{one.first_key}",
        pubdate=one.released_at,
        updateddate=one.updated_at,
        categories=[one.topic] if one.topic else [],
        enclosures=[
            *(Enclosure(picture_url(each), str(each.size), each.mime) for each in one.rendition.pictures),
            *(Enclosure(video_url(each), str(each.size), each.mime) for each in there(one.rendition)),
        ],
        content=in_xml(as_html(one)),
        language=one.rendition.language,
    )
    out = io.StringIO()
    feed.write_items(SimplerXMLGenerator(out, "utf-8", short_empty_elements=True))
    return out.getvalue()


def as_html(one: Article) -> str:
    """Escaped like the page; pictures with their descriptions."""
    words = "".join(f"<p>{paragraph}</p>" for paragraph in [one.first, *one.rest])
    pictures = "".join(
        f'<p><img src="{picture_url(each)}" alt="{html.escape(each.alt)}"></p>' for each in one.rendition.pictures
    )
    films = "".join(
        f'<p><a href="{video_url(each)}">Video{f": {html.escape(each.alt)}" if each.alt else ""}</a></p>'
        for each in there(one.rendition)
    )
    later = (
        "<p>Das Video wird noch umgewandelt; die Seite zeigt es, sobald es fertig ist.</p>"
        if one.rendition.awaits
        else ""
    )
    return words + pictures + films + later


def in_xml(text: str) -> str:
    return NOT_IN_XML.sub("\ufffd", text)


def json_feed(folder: str, title: str, city: City, items: Sequence[str]) -> str:
    """JSON Feed, version 1.1."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": f"{settings.PUBLIC_URL}/{folder}",
        "feed_url": f"{settings.PUBLIC_URL}/{folder}feed.json",
        "language": "de",
        "authors": [{"name": city.care}],
    }
    return f'{json.dumps(feed, ensure_ascii=False)[:-1]}, "items": [{",".join(items)}]}}'


def json_item(one: Article) -> str:
    pictures = [
        {"url": picture_url(each), "mime_type": each.mime, "size_in_bytes": each.size, "title": each.alt}
        for each in one.rendition.pictures
    ]
    films = [
        {
            "url": video_url(each),
            "mime_type": each.mime,
            "size_in_bytes": each.size,
            "title": each.alt,
            "duration_in_seconds": each.seconds,
        }
        for each in there(one.rendition)
    ]
    item = {
        "id": f"urn:uuid:{one.first_key}",
        "url": settings.PUBLIC_URL + one.path,
        "content_html": as_html(one),
        "content_text": one.rendition.text,
        "date_published": one.moment,
        **({"date_modified": one.corrections[0].moment} if one.corrections else {}),
        "language": one.rendition.language,
        "tags": [one.topic] if one.topic else [],
        "attachments": pictures + films,
    }
    return json.dumps(item, ensure_ascii=False)


def picture_url(picture: Picture) -> str:
    return f"{settings.PUBLIC_URL}/{public_name(picture)}"


def video_url(video: Video) -> str:
    return f"{settings.PUBLIC_URL}/media/{video.digest}.mp4"
