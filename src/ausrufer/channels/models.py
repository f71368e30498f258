"""A channel is a configured account on a platform."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models

from ausrufer.channels.secrets import EncryptedField


class HeldFor(models.TextChoices):
    """Why trouble holds a channel."""

    PATIENCE = "patience", "bittet um Geduld"
    TROUBLE = "trouble", "gestört"
    ACCESS = "access", "Zugang fehlt"
    BANNED = "banned", "gesperrt"


LOCKED = (HeldFor.ACCESS, HeldFor.BANNED)  # until a person did something about it


class Channel(models.Model):
    """**Held** by trouble, **paused** by a person: two words, two sets of fields."""

    key = models.SlugField(unique=True)  # "website", "threads"
    platform = models.SlugField()  # a key of `adapter.registry`
    name = models.CharField(max_length=80)  # as shown: "Threads"
    settings = models.JSONField(default=dict, blank=True)
    secrets = EncryptedField(default=dict)  # {"access_token": "…"}; encrypted with a key outside the database
    limits = models.JSONField(default=dict, blank=True)
    position = models.PositiveSmallIntegerField(default=100)  # order on screen and of sending; the own channel is 0
    is_active = models.BooleanField(default=True)
    chosen_by_default = models.BooleanField(default=True)
    expires_at = models.DateTimeField(null=True, blank=True)  # when our access ends; None: not by itself
    doubt = models.JSONField(null=True, blank=True)  # why its access is in doubt; None: it was checked or has delivered
    when_long = models.CharField(max_length=8, default="shorten")  # `adapter.contract.Draft.when_long`

    held_for = models.CharField(max_length=10, choices=HeldFor.choices, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)  # None while held: until somebody connects it again
    held_sentence = models.JSONField(null=True, blank=True)
    reading_held_until = models.DateTimeField(null=True, blank=True)

    paused_at = models.DateTimeField(null=True, blank=True)
    paused_because = models.CharField(max_length=200, blank=True)

    stopped_at = models.DateTimeField(null=True, blank=True)  # for good, by a person: not active any more
    stopped_because = models.CharField(max_length=200, blank=True)
    redirect = models.CharField(max_length=300, blank=True)  # what the public pages say in its place

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "key"]

    def __str__(self) -> str:
        return self.name

    def is_held(self, now: datetime) -> bool:
        return bool(self.held_for) and (self.held_until is None or self.held_until > now)


class Spending(models.Model):
    """What one act cost (Ausgabe des Kanals), counted before it."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="spendings")
    month = models.DateField()  # its first day, in Berlin
    key = models.CharField(max_length=200, unique=True)  # the same act is counted once
    cents = models.DecimalField(max_digits=10, decimal_places=3)
    what = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["channel", "month"], name="spending_month")]
