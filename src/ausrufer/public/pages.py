"""Putting a post on the city's own pages, and taking it down: `adapter.supplies.Pages`."""

from __future__ import annotations

from django.conf import settings

from ausrufer.adapter.contract import Order, Part, Placement, Rendition
from ausrufer.posts.models import FrozenRendition
from ausrufer.public.announce import announce, announce_gone
from ausrufer.public.articles import Article, articles
from ausrufer.public.folder import PublicFolder
from ausrufer.public.media import public_name, publish
from ausrufer.public.shown import own_deliveries, page_name
from ausrufer.public.site import Site
from ausrufer.public.trouble import cannot_write, picture_missing


class PublicPages:
    def put(self, order: Order, rendition: Rendition) -> Placement:
        """Every page the post touches; the same again when repeated. Raises TryLater when nothing can be written."""
        delivery = own_deliveries().get(key=order.key)
        [one] = articles([delivery])
        try:
            for picture in rendition.pictures:
                publish(picture)
        except FileNotFoundError as error:
            raise picture_missing(error) from error
        except OSError as error:
            raise cannot_write(error) from error
        try:
            with PublicFolder(settings.PUBLIC_FOLDER).writing() as writing:
                site = Site(writing, also=order.key)
                site.post(one)
                site.timeline()
                if topic := delivery.release.post.topic:
                    site.topic(topic)
        except OSError as error:
            raise cannot_write(error) from error
        announce(one)
        return Placement((Part(order.key, settings.PUBLIC_URL + one.path),))

    def remove(self, placement: Placement) -> None:
        """The post's page, its pictures, and every list that named it. Raises TryLater; harmless when repeated."""
        delivery = own_deliveries().get(key=placement.parts[0].id)
        [one] = articles([delivery])
        try:
            with PublicFolder(settings.PUBLIC_FOLDER).writing() as writing:
                site = Site(writing, without=one.key)
                site.timeline()
                if topic := delivery.release.post.topic:
                    site.topic(topic)
                if one.month in (months := site.archive()):
                    site.month(one.month, months)
                else:
                    writing.remove(f"archiv/{one.month}/index.html")
                writing.remove(page_name(one.address))
                drop_pictures(site, one)
        except OSError as error:
            raise cannot_write(error) from error
        announce_gone(one.address, one.topic_key)


def drop_pictures(site: Site, one: Article) -> None:
    """From the public folder, unless another post that is shown has them, too."""
    approvals = site.rows.order_by().values("release__approval")
    for picture in one.rendition.pictures:
        same = [{"digest": picture.digest}]
        if not FrozenRendition.objects.filter(approval__in=approvals, body__pictures__contains=same).exists():
            site.writing.remove(public_name(picture))
