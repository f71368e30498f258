"""Finding posts by words: German stems, accents ignored, beginnings of words count."""

from __future__ import annotations

import re

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q, QuerySet

from ausrufer.posts.models import Post

CONFIG = "ausrufer_german"  # made by a migration: german with unaccent before the stems
IN_AN_ADDRESS = re.compile(r"(?:^|/)(?:b|beitrag)/([a-z0-9]+)")  # of the public page, or of the desk's


def matching(posts: QuerySet[Post], words: str, *, also: str) -> QuerySet[Post]:
    """Posts with all the words, or with this address, short or whole; all posts when there are no words.

    `also`: an annotation that holds more of a post's text, e.g. its correction.
    """
    wanted = Q()
    for word in re.findall(r"\w+", words):
        stem = SearchQuery(f"{word}:*", config=CONFIG, search_type="raw")
        within = Q(text__icontains=word) | Q(**{f"{also}__icontains": word})  # also in the middle of a compound
        wanted &= Q(words=stem) | within
    if not wanted:
        return posts
    found = IN_AN_ADDRESS.search(words)
    address = found[1] if found else words.strip()
    return posts.alias(words=SearchVector("text", also, config=CONFIG)).filter(wanted | Q(address=address))
