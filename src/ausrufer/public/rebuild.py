"""Pages rendered again: posts that were seen elsewhere, the archive, or everything after the folder was lost."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from ausrufer.adapter import registry
from ausrufer.deliveries.models import Change, Delivery
from ausrufer.deliveries.states import Act
from ausrufer.public import entries
from ausrufer.public.articles import Article, articles, entered, shown
from ausrufer.public.folder import PublicFolder
from ausrufer.public.overview import topics_without_posts
from ausrufer.public.site import Site

log = logging.getLogger("ausrufer.public")

AT_ONCE = 50  # posts in one writing, while everything is made anew
IN_A_TURN = 8  # the same while posts go out: a new one never waits long for its turn


def rebuild() -> None:
    """Everything from the database; nothing is deleted, whatever the database says. Raises OSError."""
    folder = PublicFolder(settings.PUBLIC_FOLDER)
    with folder.writing() as writing:
        writing.sweep()
        Site(writing).standing()
    every = list(shown().order_by("id").values_list("release", flat=True))
    for start in range(0, len(every), AT_ONCE):
        put_again(folder, shown().filter(release__in=every[start : start + AT_ONCE]))
    with folder.writing() as writing:
        site = Site(writing)
        # Only where a page was: what was taken back before it went out has none, and nobody reads why.
        of_pages = Change.objects.filter(act=Act.WITHDRAW, deliveries__channel__platform__in=registry.own_keys())
        for why in of_pages.select_related("release__post").distinct():
            site.withdrawn(why.release.post.address, why)
        for topic in topics_without_posts():
            site.topic(topic)  # its address may be printed before there is anything to read
    lists(folder)
    archive(newest=None)


def rerender() -> int:
    """Posts that were seen somewhere since they were rendered, or show a film since, and the lists that name them; but
    nothing new of what is being taken back. Raises OSError."""
    stale = entries.stale()
    if not stale:
        return 0  # another call was faster
    folder = PublicFolder(settings.PUBLIC_FOLDER)
    for start in range(0, len(stale), IN_A_TURN):
        chosen = entered().filter(release__post__address__in=stale[start : start + IN_A_TURN])
        put_again(folder, chosen.exclude(release__changes__act=Act.WITHDRAW))
    lists(folder)
    return len(stale)


def put_again(folder: PublicFolder, deliveries: QuerySet[Delivery]) -> None:
    """Asks the database once the lock is ours: what was taken down meanwhile does not come back."""
    with folder.writing() as writing, transaction.atomic():
        site = Site(writing)
        releases = deliveries.order_by("id").values_list("release", flat=True)
        entries.keep([each for each in articles(releases) if is_put(site, each)])
        writing.place()


def is_put(site: Site, one: Article) -> bool:
    try:
        site.post(one)
    except FileNotFoundError as error:  # one lost picture is no reason to lose all pages
        log.error("%s is not rendered again: %s", one.address, error)
        return False
    return True


def lists(folder: PublicFolder) -> None:
    """Each in a writing of its own: a new post gets its turn between them. Their counts name all topics."""
    with folder.writing() as writing:
        site = Site(writing)
        site.timeline()
        site.main_feeds()
    for topic, _ in site.topics:
        with folder.writing() as writing:
            Site(writing).topic(topic)


def archive(*, newest: int | None = 2) -> None:
    """The months, for which no post waits; only the newest ones change. Raises OSError."""
    folder = PublicFolder(settings.PUBLIC_FOLDER)
    with folder.writing() as writing:
        site = Site(writing)
        site.archive()
    for month in list(site.months)[:newest]:
        with folder.writing() as writing:
            Site(writing).month(month)
