"""The channel concept as it is published, one row a version."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Concept(models.Model):
    """A version of the city's concept (Konzept); `facts` has the shape of schema `ausrufer/channel-concept`, 1."""

    title = models.CharField(max_length=200)
    as_of = models.DateField()
    version = models.PositiveIntegerField()
    facts = models.JSONField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-version"]

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"
