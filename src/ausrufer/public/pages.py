"""Putting a post on the city's own pages, and taking it down: `adapter.supplies.Pages`."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from ausrufer.adapter.contract import Order, Part, Placement, Rendition
from ausrufer.deliveries.models import Change
from ausrufer.deliveries.states import Act
from ausrufer.public import entries
from ausrufer.public.announce import announce, announce_gone
from ausrufer.public.articles import Article, by_key
from ausrufer.public.folder import PublicFolder
from ausrufer.public.media import publish, unused
from ausrufer.public.overview import topic_of
from ausrufer.public.site import Site, page_name
from ausrufer.public.trouble import cannot_write, picture_missing


class PublicPages:
    def put(self, order: Order, rendition: Rendition) -> Placement:
        """Every page the post touches; the same again when repeated. Raises TryLater when nothing can be written."""
        one = by_key(order.key, rendition)
        try:
            link_media(rendition)
            write(one)
        except OSError as error:
            raise cannot_write(error) from error
        return Placement((Part(order.key, settings.PUBLIC_URL + one.path),))

    def remove(self, placement: Placement) -> None:
        """Its pictures and its place in every list; its page says why it is gone. Raises TryLater; may be repeated."""
        one = by_key(placement.parts[0].id)
        try:
            take_down(one)
        except OSError as error:
            raise cannot_write(error) from error


def link_media(rendition: Rendition) -> None:
    """Raises TryLater for a file that is nowhere, OSError when the folder takes nothing."""
    try:
        publish(rendition)
    except FileNotFoundError as error:
        raise picture_missing(error) from error


def write(one: Article) -> None:
    # The entry is true as soon as the files are in place, and with it readers are told; or there is none.
    with PublicFolder(settings.PUBLIC_FOLDER).writing() as writing, transaction.atomic():
        [entry] = entries.keep([one])
        site = Site(writing)
        site.post(one)
        site.timeline()
        site.main_feeds()
        for topic, _ in site.topics:
            if topic.key == one.topic_key:
                site.topic(topic)
        writing.place()
        announce(entry)


def take_down(one: Article) -> None:
    with PublicFolder(settings.PUBLIC_FOLDER).writing() as writing:
        with transaction.atomic():
            entries.forget(one.address)
            site = Site(writing)
            site.timeline()
            site.main_feeds()
            if topic := topic_of(one.topic_key):
                site.topic(topic)
            site.archive()
            month = f"{one.day:%Y-%m}"
            if month in site.months:
                site.month(month)
            why = Change.objects.filter(release__post__address=one.address, act=Act.WITHDRAW).first()
            if why:
                site.withdrawn(one.address, why)
            writing.place()
            announce_gone(one.address, one.topic_key)
        for name in [*([] if why else [page_name(one.address)]), *unused(one.rendition)]:
            writing.remove(name)
        if month not in site.months:
            writing.remove(f"archiv/{month}/index.html")
