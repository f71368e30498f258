"""Putting a post on the city's own pages, and taking it down: `adapter.supplies.Pages`."""

from __future__ import annotations

from django.conf import settings

from ausrufer.adapter.contract import Order, Part, Placement, Rendition
from ausrufer.public import entries
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
                [entry] = entries.keep([one])
                site = Site(writing)
                site.post(one)
                site.timeline()
                writing.place()
                if topic := delivery.release.post.topic:
                    site.topic(topic)
        except OSError as error:
            entries.forget(one.address)
            raise cannot_write(error) from error
        announce("post", entry)
        return Placement((Part(order.key, settings.PUBLIC_URL + one.path),))

    def remove(self, placement: Placement) -> None:
        """The post's page, and its place in every list. Raises TryLater."""
        delivery = own_deliveries().get(key=placement.parts[0].id)
        post = delivery.release.post
        try:
            with PublicFolder(settings.PUBLIC_FOLDER).writing() as writing:
                entries.forget(post.address)
                writing.remove(f"b/{post.address}/index.html")
                site = Site(writing)
                site.timeline()
                if post.topic:
                    site.topic(post.topic)
        except OSError as error:
            raise cannot_write(error) from error
