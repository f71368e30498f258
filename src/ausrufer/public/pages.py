"""Putting a post on the city's own pages, and taking it down: `adapter.supplies.Pages`."""

from __future__ import annotations

import errno

from django.conf import settings

from ausrufer.adapter.contract import Order, Part, Placement, Rendition
from ausrufer.adapter.errors import Holds, TryLater
from ausrufer.deliveries.models import Delivery
from ausrufer.kernel.sentence import Sentence
from ausrufer.public.announce import announce
from ausrufer.public.articles import articles, own_deliveries
from ausrufer.public.folder import PublicFolder
from ausrufer.public.site import Site

AGAIN = 5.0  # seconds; a folder is mended by a person, who should see the effect soon


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


def cannot_write(error: OSError) -> TryLater:
    reasons = {
        errno.ENOSPC: "Die Platte mit dem öffentlichen Ordner {folder} ist voll. Bitte Platz schaffen.",
        errno.EDQUOT: "Die Platte mit dem öffentlichen Ordner {folder} ist voll. Bitte Platz schaffen.",
        errno.EFBIG: "Die Platte mit dem öffentlichen Ordner {folder} ist voll. Bitte Platz schaffen.",
    }
    text = reasons.get(
        error.errno or 0, "Der öffentliche Ordner {folder} ist nicht beschreibbar. Bitte die Rechte prüfen."
    )
    sentence = Sentence(text, {"folder": str(settings.PUBLIC_FOLDER)})
    return TryLater(sentence, seconds=AGAIN, holds=Holds.WRITING, diagnostic=repr(error))
