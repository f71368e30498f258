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
