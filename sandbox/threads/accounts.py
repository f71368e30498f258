"""Who may post: accounts, the tokens that speak for them, and what they used up (sheet, sections 2 and 6)."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.meta_films import MESSAGES

HOUR = 3_600.0  # seconds
DAY = 86_400.0
LONG = 5_183_944.0  # seconds a long token lives, about 60 days
PUBLISH = "threads_content_publish"
DELETE = "threads_delete"
INSIGHTS = "threads_manage_insights"
READ_REPLIES = "threads_read_replies"
LOCATION = "threads_location_tagging"
SEARCH = "threads_keyword_search"
MENTIONS = "threads_manage_mentions"
SHARE = "threads_share_to_instagram"
SCOPES = ("threads_basic", PUBLISH, DELETE, READ_REPLIES, "threads_manage_replies", INSIGHTS)
COUNTINGS = ("utf8_bytes", "emoji_bytes", "codepoints")  # sheet, section 4


@dataclass
class Account:
    id: str
    username: str
    name: str
    scopes: list[str] = field(default_factory=lambda: list(SCOPES))
    posted: list[float] = field(default_factory=list)
    replied: list[float] = field(default_factory=list)
    deleted: list[float] = field(default_factory=list)
    is_eligible_for_geo_gating: bool = False


@dataclass(frozen=True)
class Token:
    account: str  # its id
    issued_at: float
    lives: float  # seconds
    scopes: list[str] | None = None  # what the person agreed to; None: all the account has

    def is_valid(self, now: float) -> bool:
        return now < self.issued_at + self.lives

    def may_be_refreshed(self, now: float) -> bool:
        return self.lives == LONG and self.is_valid(now) and now >= self.issued_at + DAY


@dataclass
class Limits:
    """What tests may turn; the defaults are Meta's."""

    posts: int = 250  # a rolling day
    replies: int = 1000
    deletes: int = 100
    location_searches: int = 500
    text: int = 500
    counting: str = "utf8_bytes"
    race: float = 0.1  # chance that a container just finished is not found (section 15)
    shown_after: float = 0.0  # seconds until a post can be read
    pictures_fail: str = "at_once"  # or later: the container ends in ERROR
    media_end: str = ""  # an error_message: so every container with media ends, whatever it is made of (section 5.4)

    def __post_init__(self) -> None:
        if self.counting not in COUNTINGS or self.pictures_fail not in ("at_once", "later"):
            raise ValueError(f"counting: {', '.join(COUNTINGS)}; pictures_fail: at_once, later")
        if self.media_end not in ("", *MESSAGES):
            raise ValueError(f"media_end: {', '.join(MESSAGES)}")


def used(moments: list[float], now: float) -> int:
    """Of a rolling day; forgets what is older."""
    moments[:] = [moment for moment in moments if moment > now - DAY]
    return len(moments)
