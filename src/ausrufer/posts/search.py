"""Finding posts by words: German stems, accents ignored, beginnings of words count."""

from __future__ import annotations

import re

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q, QuerySet

from ausrufer.posts.models import Post

CONFIG = "ausrufer_german"  # made by a migration: german with unaccent before the stems


def matching(posts: QuerySet[Post], words: str, *, also: str) -> QuerySet[Post]:
    """Posts with all the words, or with this address; all posts when there are no words.

    `also`: an annotation that holds more of a post's text, e.g. its correction.
    """
    wanted = Q()
    for word in re.findall(r"\w+", words):
        stem = SearchQuery(f"{word}:*", config=CONFIG, search_type="raw")
        wanted &= (
            Q(words=stem) | Q(text__icontains=word) | Q(**{f"{also}__icontains": word})
        )  # the others for the middle of a compound
    if not wanted:
        return posts
    return posts.alias(words=SearchVector("text", also, config=CONFIG)).filter(wanted | Q(address=words.strip()))
