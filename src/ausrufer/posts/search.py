"""Finding posts by words: German stems, accents ignored, beginnings of words count."""

from __future__ import annotations

import re

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q, QuerySet

from ausrufer.posts.models import Post

CONFIG = "ausrufer_german"  # made by a migration: german with unaccent before the stems
IN_AN_ADDRESS = re.compile(r"(?:^|/)(?:b|beitrag)/([a-z0-9]+)")  # of the public page, or of the desk's


def matching(posts: QuerySet[Post], words: str) -> QuerySet[Post]:
    """Posts with all the words, or with this address, short or whole; all posts when there are no words."""
    wanted = Q()
    for word in re.findall(r"\w+", words):
        stem = SearchQuery(f"{word}:*", config=CONFIG, search_type="raw")
        wanted &= Q(words=stem) | Q(text__icontains=word)  # the second for the middle of a compound
    if not wanted:
        return posts
    found = IN_AN_ADDRESS.search(words)
    address = found[1] if found else words.strip()
    return posts.alias(words=SearchVector("text", config=CONFIG)).filter(wanted | Q(address=address))
