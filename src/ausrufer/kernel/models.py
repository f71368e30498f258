"""Heartbeats of the running parts, and the one shift by which tests move every process's clock."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Heartbeat(models.Model):
    """A part that runs says so every second; /healthz believes this and no process id."""

    instance = models.UUIDField(primary_key=True)
    part = models.CharField(max_length=40, db_index=True)  # dispatcher | worker | stream | …
    pid = models.IntegerField()
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["part", "started_at"]

    def __str__(self) -> str:
        return f"{self.part} {self.pid}"


class ClockShift(models.Model):
    """At most one row; `ausrufer_now()` adds it to the database's clock. Empty in production."""

    shift = models.DurationField()


class ClockJump(models.Model):
    """A jump of the database machine's clock that a dispatcher noticed and evened out."""

    noticed_at = models.DateTimeField()  # on the clock after the jump
    delta = models.DurationField()
