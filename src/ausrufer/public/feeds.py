"""Atom and JSON Feed: the most data-saving way to follow the city."""

from __future__ import annotations

import json

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed, Enclosure

from ausrufer.concept.facts import City
from ausrufer.kernel.clock import utc_now
from ausrufer.public.articles import Article


def atom(folder: str, title: str, city: City, latest: list[Article]) -> str:
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
    for each in latest:
        pictures = [
            picture_enclosure(picture.digest, picture.mime, picture.size) for picture in each.rendition.pictures
        ]
        feed.add_item(
            title=each.title,
            link=settings.PUBLIC_URL + each.path,
            description=each.rendition.text,
            unique_id=f"urn:uuid:{each.key}",
            pubdate=each.released_at,
            updateddate=each.released_at,
            categories=[each.topic] if each.topic else [],
            enclosures=pictures,
        )
    feed.latest_post_date = lambda: latest[0].released_at if latest else utc_now()  # type: ignore[method-assign]
    return feed.writeString("utf-8")


def picture_enclosure(digest: str, mime: str, size: int) -> Enclosure:
    return Enclosure(picture_url(digest, mime), str(size), mime)


def picture_url(digest: str, mime: str) -> str:
    return f"{settings.PUBLIC_URL}/media/{digest}.{'png' if mime == 'image/png' else 'jpg'}"


def json_feed(folder: str, title: str, city: City, latest: list[Article]) -> str:
    """JSON Feed, version 1.1."""
    items = [
        {
            "id": f"urn:uuid:{each.key}",
            "url": settings.PUBLIC_URL + each.path,
            "content_text": each.rendition.text,
            "date_published": each.released_at.isoformat(),
            "language": each.rendition.language,
            "tags": [each.topic] if each.topic else [],
            "attachments": [
                {"url": picture_url(picture.digest, picture.mime), "mime_type": picture.mime, "title": picture.alt}
                for picture in each.rendition.pictures
            ],
        }
        for each in latest
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": f"{settings.PUBLIC_URL}/{folder}",
        "feed_url": f"{settings.PUBLIC_URL}/{folder}feed.json",
        "language": "de",
        "authors": [{"name": city.care}],
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False)
