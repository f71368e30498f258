"""Finding posts by words: German stems, accents ignored, beginnings of words count."""

from __future__ import annotations

import re

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q, QuerySet

from ausrufer.posts.models import Post

CONFIG = "ausrufer_german"  # made by a migration: german with unaccent before the stems


def matching(posts: QuerySet[Post], words: str) -> QuerySet[Post]:
    """Posts with all the words, or with exactly this text or address; all posts when there are no words."""
    found = re.findall(r"\w+", words)
    if not found:
        return posts
    beginnings = " & ".join(f"{word}:*" for word in found)
    vector = SearchVector("text", config=CONFIG)
    query = SearchQuery(beginnings, config=CONFIG, search_type="raw")
    inside = Q(text__icontains=words.strip()) | Q(address=words.strip())  # the middle of a compound, or an address
    return posts.alias(words=vector).filter(Q(words=query) | inside)
