"""Pages rendered again: posts that were seen elsewhere, the archive, or everything after the folder was lost."""

from __future__ import annotations

from django.conf import settings

from ausrufer.posts.models import Topic
from ausrufer.public import entries
from ausrufer.public.articles import articles, own_deliveries, shown
from ausrufer.public.folder import PublicFolder
from ausrufer.public.site import Site


def rebuild() -> None:
    """Everything from the database. Raises OSError."""
    with PublicFolder(settings.PUBLIC_FOLDER).writing() as writing:
        everything = articles(shown())
        entries.keep(everything)
        site = Site(writing)
        for one in everything:
            site.post(one)
        site.standing()
        site.timeline()
        for topic, _ in site.counts:
            site.topic(topic)
        for month, _ in site.months():
            site.month(month)


def rerender() -> int:
    """Posts that were seen somewhere since they were rendered, and the lists that name them. Raises OSError."""
    stale = entries.stale()
    if not stale:
        return 0  # another call was faster
    with PublicFolder(settings.PUBLIC_FOLDER).writing() as writing:
        changed = articles(own_deliveries().filter(release__post__address__in=stale))
        entries.keep(changed)
        site = Site(writing)
        for one in changed:
            site.post(one)
        site.timeline()
        for topic in Topic.objects.filter(key__in={one.topic_key for one in changed}):
            site.topic(topic)
    return len(changed)


def archive() -> None:
    """The months, which nobody needs within seconds. Raises OSError."""
    with PublicFolder(settings.PUBLIC_FOLDER).writing() as writing:
        site = Site(writing)
        for month, _ in site.months()[:2]:
            site.month(month)
