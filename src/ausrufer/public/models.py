"""What the stream announces: finished fragments, numbered in order."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class PublicEvent(models.Model):
    """One announcement. NOTIFY carries its number only; the hub reads the fragment here."""

    kind = models.CharField(max_length=12)  # post | gone
    post = models.CharField(max_length=12, db_index=True)  # the post's short address
    topic = models.SlugField(blank=True)
    fragment = models.TextField()  # finished HTML of one article; "" when it is gone
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]


class PublicEntry(models.Model):
    """A post as lists and feeds show it, finished: forty of them make a timeline without rendering anything again."""

    post = models.CharField(max_length=12, unique=True)  # the post's short address
    key = models.UUIDField()  # of the delivery
    topic = models.SlugField(blank=True)
    released_at = models.DateTimeField()
    updated_at = models.DateTimeField()  # the last correction's time
    day = models.DateField()
    day_label = models.CharField(max_length=60)
    urgent = models.BooleanField()
    fragment = models.TextField()  # HTML of the article
    atom = models.TextField()  # <entry>
    item = models.TextField()  # JSON Feed
    rendered_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-released_at", "-id"]
        verbose_name_plural = "public entries"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-released_at", "-id"], name="newest"),
            models.Index(fields=["topic", "-released_at", "-id"], name="newest_of_topic"),
        ]
