"""Atom and JSON Feed: the most data-saving way to follow the city. Entries are finished once, then put together."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.xmlutils import SimplerXMLGenerator

from ausrufer.adapter.contract import Picture
from ausrufer.concept.facts import City
from ausrufer.kernel.clock import utc_now
from ausrufer.public.articles import Article

END = "</feed>"


def atom(folder: str, title: str, city: City, entries: Sequence[str], newest: datetime | None) -> str:
    """RFC 4287. The whole text is in the feed, nobody has to visit us to read."""
    feed = Atom1Feed(
        title=title,
        link=f"{settings.PUBLIC_URL}/{folder}",
        description="",
        language="de",
        author_name=city.care,
        author_email=city.email or None,
        feed_url=f"{settings.PUBLIC_URL}/{folder}feed.atom",
    )
    feed.latest_post_date = lambda: newest or utc_now()  # type: ignore[method-assign]
    return feed.writeString("utf-8").replace(END, "".join(entries) + END)


def atom_entry(one: Article) -> str:
    feed = Atom1Feed(title="", link="", description="")
    feed.add_item(
        title=one.title,
        link=settings.PUBLIC_URL + one.path,
        description=one.rendition.text,
        unique_id=f"urn:uuid:{one.key}",
        pubdate=one.released_at,
        updateddate=one.released_at,
        categories=[one.topic] if one.topic else [],
        enclosures=[Enclosure(picture_url(each), str(each.size), each.mime) for each in one.rendition.pictures],
    )
    out = io.StringIO()
    feed.write_items(SimplerXMLGenerator(out, "utf-8", short_empty_elements=True))
    return out.getvalue()


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
        {"url": picture_url(each), "mime_type": each.mime, "title": each.alt} for each in one.rendition.pictures
    ]
    item = {
        "id": f"urn:uuid:{one.key}",
        "url": settings.PUBLIC_URL + one.path,
        "content_text": one.rendition.text,
        "date_published": one.released_at.isoformat(),
        "language": one.rendition.language,
        "tags": [one.topic] if one.topic else [],
        "attachments": pictures,
    }
    return json.dumps(item, ensure_ascii=False)


def picture_url(picture: Picture) -> str:
    return f"{settings.PUBLIC_URL}/media/{picture.digest}.{'png' if picture.mime == 'image/png' else 'jpg'}"
