"""Side work of writing: videos and the smaller sizes of pictures, one after the other in a queue of their own."""

from __future__ import annotations

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from ausrufer.media import workshop
from ausrufer.posts import look_ups, pictures, small_films, videos

# One lock for the whole queue: the worker's other place stays free, and its memory is bounded.
LOCK = "media"
# The database may have been away for a moment. A film that is awaited is given up with a sentence, never in silence.
AGAIN = RetryStrategy(max_attempts=6, wait=5)  # seconds; the queue waits, too


@app.task(queue="media", lock=LOCK, retry=AGAIN, pass_context=True)
def make_video(context: JobContext, attachment: int) -> None:
    videos.make(attachment, is_last_try=AGAIN.get_retry_decision(exception=Exception(), job=context.job) is None)


@app.task(queue="media", lock=LOCK, priority=10)
def make_smaller(digest: str) -> None:
    pictures.make_smaller(digest)


# After the films that every channel waits for.
@app.task(queue="media", lock=LOCK, priority=-10, retry=AGAIN, pass_context=True)
def make_small_film(context: JobContext, small_film: int) -> None:
    small_films.make(small_film, is_last_try=AGAIN.get_retry_decision(exception=Exception(), job=context.job) is None)


@app.task(queue="media")
def get_ready() -> None:
    """A video has begun to arrive."""
    workshop.get_ready("video")


@app.task
def look_up(channel: int, names: list[str]) -> None:
    look_ups.look_up(channel, names)
