"""Which open page of the desk wrote a draft last: what it did itself meanwhile is no conflict for what it saves next.

A file that arrives changes the draft while its page is saving words, and an answer may be lost on the way. So the draft
itself remembers, under its own lock, since which revision one and the same page has been the only one to change it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from ausrufer.posts.models import PAGE_LENGTH, Post

_page: ContextVar[str] = ContextVar("page", default="")


@contextmanager
def written_on(page: str) -> Iterator[None]:
    """Changes within are this page's; "" is nobody's."""
    before = _page.set(page[:PAGE_LENGTH])
    try:
        yield
    finally:
        _page.reset(before)


def knows(post: Post, revision: int) -> bool:
    """Whether whoever writes now has seen the latest of the locked post: as he read it, or because he made it since."""
    is_alone = bool(_page.get()) and post.written_on == _page.get()
    return revision == post.revision or (is_alone and revision >= post.written_since - 1)


def sign(post: Post) -> None:
    """For the revision that the locked post is about to get."""
    if post.written_on != _page.get():
        post.written_on, post.written_since = _page.get(), post.revision + 1
