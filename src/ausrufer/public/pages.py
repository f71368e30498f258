"""Putting a post on the city's own pages, and taking it down: `adapter.supplies.Pages`."""

from __future__ import annotations

from django.conf import settings

from ausrufer.adapter.contract import Order, Part, Placement, Rendition
from ausrufer.deliveries.models import Delivery
from ausrufer.public.announce import announce
from ausrufer.public.articles import articles, own_deliveries
from ausrufer.public.folder import PublicFolder
from ausrufer.public.site import Site
from ausrufer.public.trouble import cannot_write


class PublicPages:
    def put(self, order: Order, rendition: Rendition) -> Placement:
        """Every page the post touches; the same again when repeated. Raises TryLater when nothing can be written."""
        delivery = own_deliveries().get(key=order.key)
        [one] = articles([delivery])
        try:
            with PublicFolder(settings.PUBLIC_FOLDER).writing() as writing:
                site = Site(writing, also=order.key)
                site.post(one)
                site.timeline()
                if topic := delivery.release.post.topic:
                    site.topic(topic)
        except OSError as error:
            raise cannot_write(error) from error
        announce("post", one)
        return Placement((Part(order.key, settings.PUBLIC_URL + one.path),))

    def remove(self, placement: Placement) -> None:
        """The post's page; lists drop it when the chore renders them again. Raises TryLater."""
        delivery = Delivery.objects.select_related("release__post").get(key=placement.parts[0].id)
        try:
            with PublicFolder(settings.PUBLIC_FOLDER).writing() as writing:
                writing.remove(f"b/{delivery.release.post.address}/index.html")
                Site(writing).timeline()
        except OSError as error:
            raise cannot_write(error) from error
