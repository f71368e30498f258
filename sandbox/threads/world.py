"""What exists in the played Threads: accounts, containers, posts, and one clock for all of them."""

from __future__ import annotations

import json
import os
import random
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

DAY = 86_400.0  # seconds
POSTS_A_DAY = 250
DELETES_A_DAY = 100
SHORTCODE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@dataclass
class Account:
    id: str
    username: str
    name: str
    token: str
    issued_at: float
    is_restricted: bool = False
    posted: list[float] = field(default_factory=list)
    deleted: list[float] = field(default_factory=list)


@dataclass
class Container:
    id: str
    owner: str
    fields: dict[str, str]
    ready_at: float
    born_at: float
    error: str = ""
    media: str = ""  # id of the post it became


@dataclass
class Post:
    id: str
    owner: str
    username: str
    text: str
    shortcode: str
    published_at: float
    images: list[dict[str, str]] = field(default_factory=list)
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
    file: Path | None = None
    shift: float = 0.0  # seconds by which a test moved the clock
    accounts: dict[str, Account] = field(default_factory=dict)  # by token
    containers: dict[str, Container] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    numbers: int = 17_900_000_000_000_000
    calls: dict[str, int] = field(default_factory=dict)
    is_changed: bool = False

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def now(self) -> float:
        return time.time() + self.shift

    def new_id(self) -> str:
        self.numbers += self.chance.randint(1, 999)
        return str(self.numbers)

    def new_shortcode(self) -> str:
        return "".join(self.chance.choice(SHORTCODE) for _ in range(11))

    def add_account(self, username: str, token: str, name: str = "") -> Account:
        account = Account(self.new_id(), username, name or username, token, self.now())
        self.accounts[token] = account
        return account

    def account_named(self, username: str) -> Account | None:
        return next((each for each in self.accounts.values() if each.username == username), None)

    def publish(self, account: Account, fields: dict[str, str], images: list[dict[str, str]]) -> Post:
        post = Post(
            id=self.new_id(),
            owner=account.id,
            username=account.username,
            text=fields.get("text", ""),
            shortcode=self.new_shortcode(),
            published_at=self.now(),
            images=images,
            reply_to=fields.get("reply_to_id", ""),
            link=fields.get("link_attachment", ""),
            topic_tag=fields.get("topic_tag", ""),
        )
        self.posts[post.id] = post
        account.posted.append(self.now())
        self.is_changed = True
        return post

    def permalink(self, post: Post) -> str:
        return f"{self.base}/@{post.username}/post/{post.shortcode}"

    def newest_first(self, owner: str) -> list[Post]:
        return [post for post in reversed(self.posts.values()) if post.owner == owner and not post.is_deleted]

    def used(self, moments: list[float]) -> int:
        """Of a rolling day."""
        return sum(moment > self.now() - DAY for moment in moments)

    def save(self) -> None:
        """Whole or as it was; harmless when nothing changed."""
        if self.file is None or not self.is_changed:
            return
        self.is_changed = False
        fresh = self.file.with_name(f".{self.file.name}.{os.getpid()}")
        state = {"numbers": self.numbers, "posts": [asdict(post) for post in self.posts.values()]}
        fresh.write_text(json.dumps(state, ensure_ascii=False))
        fresh.rename(self.file)

    def load(self) -> None:
        if self.file is None or not self.file.exists():
            return
        state: dict[str, Any] = json.loads(self.file.read_text())
        self.numbers = state["numbers"]
        self.posts = {each["id"]: Post(**each) for each in state["posts"]}
        for account in self.accounts.values():
            account.id = next(
                (post.owner for post in self.posts.values() if post.username == account.username), account.id
            )
