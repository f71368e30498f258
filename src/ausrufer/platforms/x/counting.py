"""X's own measure, by the maintained library: imported at first use, since few processes need its 13 MB."""

from __future__ import annotations


def weighted_length(text: str) -> int:
    """X: 280, where emoji and CJK count 2 and each link 23 (platform sheet, section 4)."""
    from twitter_text import parse_tweet

    return int(parse_tweet(text).weightedLength)


def has_link(text: str) -> bool:
    """Whether X makes a link of anything in it: such a post costs more."""
    from twitter_text import extract_urls

    return bool(extract_urls(text))
