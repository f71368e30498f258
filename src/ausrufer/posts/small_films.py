"""Smaller copies of films, for platforms that take no larger ones: made when first asked for, and only once."""

from __future__ import annotations

import logging
from pathlib import Path

from django.conf import settings
from django.db import transaction

from ausrufer.adapter.errors import Rejected
from ausrufer.media import workshop
from ausrufer.media.models import SmallFilm
from ausrufer.media.trouble import BadMedia

log = logging.getLogger("ausrufer.media")


def smaller(digest: str, sides: tuple[int, int]) -> str | None:
    """`adapter.supplies.Media.smaller`."""
    from ausrufer.posts.tasks import make_small_film

    with transaction.atomic():
        film, is_new = SmallFilm.objects.get_or_create(of=digest, longer=sides[0], shorter=sides[1])
        if is_new:
            make_small_film.defer(small_film=film.pk)
    if film.state == SmallFilm.State.REFUSED:
        raise Rejected("Das Video lässt sich nicht verkleinern.", diagnostic=f"{digest} to {sides}")
    return film.digest or None


def make(number: int, *, is_last_try: bool = False) -> None:
    """The work of the queue. Harmless when it comes twice.

    Raises what nobody expected: then it is to come again, and after the last try nobody waits for it.
    """
    asked = SmallFilm.objects.filter(pk=number, state=SmallFilm.State.ASKED)
    if (film := asked.first()) is None:
        return
    folder = Path(settings.MEDIA_FOLDER)
    try:
        sides = (film.longer, film.shorter)
        made = workshop.make("smaller video", folder / f"{film.of}.mp4", folder, film.of, sides=sides)
    except BadMedia as trouble:
        log.warning("no smaller copy of %s: %s", film.of, trouble.sentence)
        asked.update(state=SmallFilm.State.REFUSED)
    except Exception:
        if is_last_try:
            asked.update(state=SmallFilm.State.REFUSED)
        raise
    else:
        asked.update(state=SmallFilm.State.DONE, digest=made["digest"])


def sweep(shown: set[str]) -> set[str]:
    """Digests of the copies that are kept: those of films that are still shown. The others are forgotten."""
    SmallFilm.objects.exclude(of__in=shown).delete()
    SmallFilm.objects.filter(state=SmallFilm.State.REFUSED).delete()
    return set(SmallFilm.objects.exclude(digest="").values_list("digest", flat=True))
