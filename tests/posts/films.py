"""A post with a film that has come and is still to be made anew, as the desk leaves it."""

from __future__ import annotations

import io
from pathlib import Path

from ausrufer.media import uploads
from ausrufer.people.models import User
from ausrufer.posts import pictures, videos
from ausrufer.posts.models import Attachment, Post
from tests.media.clips import clip

ALT = "Die Mosel steigt über das Ufer."


def bring(post: Post, folder: Path, *, by: User, content: bytes = b"", name: str = "film.mp4") -> Attachment:
    """Uploaded to its last byte and described; `videos.make` is the work of the queue. The post is read again."""
    content = content or clip(folder / name, seconds=1.0).read_bytes()
    upload = uploads.start(by=by, post=post.address, name=name, size=len(content))
    film = videos.take(uploads.append(upload, offset=0, body=io.BytesIO(content)), by=by)
    pictures.describe(film, by=by, alt=ALT, decorative=False)
    post.refresh_from_db()
    film.refresh_from_db()
    return film
