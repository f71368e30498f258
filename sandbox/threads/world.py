"""What exists in the played Threads: accounts, containers, posts, and one clock for all of them."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from sandbox.threads.accounts import LONG, Account, Limits, Token
from sandbox.threads.containers import Container, delay, kind_of

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@dataclass
class Post:
    id: str
    owner: str
    username: str
    text: str
    shortcode: str
    published_at: float
    images: list[dict[str, str]] = field(default_factory=list)
    video: str = ""
    reply_to: str = ""
    link: str = ""
    topic_tag: str = ""
    is_deleted: bool = False

    @property
    def timestamp(self) -> str:
        return datetime.fromtimestamp(self.published_at, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


@dataclass
class World:
    seed: int
    delayed: bool
    base: str  # "http://127.0.0.1:8082"
    shift: float = 0.0  # seconds by which a test moved the clock
    limits: Limits = field(default_factory=Limits)
    accounts: dict[str, Account] = field(default_factory=dict)  # by id
    tokens: dict[str, Token] = field(default_factory=dict)  # by what the client sends
    containers: dict[str, Container] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    numbers: int = 17_900_000_000_000_000
    calls: dict[str, int] = field(default_factory=dict)
    changed: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.limits = self.usual_limits()

    def usual_limits(self) -> Limits:
        return Limits() if self.delayed else Limits(race=0.0)

    def now(self) -> float:
        return time.time() + self.shift

    def new_id(self) -> str:
        self.numbers += self.chance.randint(1, 999)
        return str(self.numbers)

    def add_account(self, username: str, token: str, name: str = "") -> Account:
        """With a fresh long token; the account itself may be known already."""
        account = self.account_named(username) or Account(self.new_id(), username, name or username)
        self.accounts[account.id] = account
        self.tokens[token] = Token(account.id, self.now(), LONG)
        self.changed()
        return account

    def account_named(self, username: str) -> Account | None:
        return next((each for each in self.accounts.values() if each.username == username), None)

    def account_of(self, token: str) -> Account | None:
        """As this token may act for it; what was posted and deleted is counted for the account itself."""
        found = self.tokens.get(token)
        if found is None or not found.is_valid(self.now()):
            return None
        account = self.accounts[found.account]
        if found.scopes is None:
            return account
        return replace(account, scopes=[each for each in account.scopes if each in found.scopes])

    def contain(self, account: Account, fields: dict[str, str]) -> Container:
        born = self.now()
        ready = born + (delay(kind_of(fields), self.chance) if self.delayed else 0.0)
        container = Container(self.new_id(), account.id, fields, born, ready)
        self.containers[container.id] = container
        return container

    def publish(self, account: Account, fields: dict[str, str], images: list[dict[str, str]]) -> Post:
        post_id = self.new_id()
        post = Post(
            id=post_id,
            owner=account.id,
            username=account.username,
            text=fields.get("text", ""),
            shortcode=shortcode(int(post_id)),
            published_at=self.now(),
            images=images,
            video=fields.get("video_url", ""),
            reply_to=fields.get("reply_to_id", ""),
            link=fields.get("link_attachment", ""),
            topic_tag=fields.get("topic_tag", ""),
        )
        self.posts[post.id] = post
        (account.replied if post.reply_to else account.posted).append(post.published_at)
        self.changed()
        return post

    def permalink(self, post: Post) -> str:
        return f"{self.base}/@{post.username}/post/{post.shortcode}"

    def is_shown(self, post: Post) -> bool:
        return not post.is_deleted and self.now() >= post.published_at + self.limits.shown_after

    def post(self, post_id: str) -> Post | None:
        found = self.posts.get(post_id)
        return found if found and self.is_shown(found) else None

    def below(self, root: Post) -> list[Post]:
        """The whole tree of answers, oldest first."""
        ids, found = {root.id}, []
        for post in self.posts.values():
            if post.reply_to in ids and self.is_shown(post):
                ids.add(post.id)
                found.append(post)
        return found

    def newest_first(self, owner: str) -> list[Post]:
        return [post for post in reversed(self.posts.values()) if post.owner == owner and self.is_shown(post)]


def shortcode(number: int) -> str:
    """The id in base 64, so that no two posts share one."""
    code = ""
    while number:
        number, rest = divmod(number, len(LETTERS))
        code = LETTERS[rest] + code
    return code
