"""Which browsers asked for pushes, and each mailing with its recipients."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Subscription(models.Model):
    """A browser, as its push service names it. The endpoint is personal data: it goes when the service says so."""

    endpoint = models.URLField(max_length=600, unique=True)
    p256dh = models.CharField(max_length=100)  # the browser's public key, base64url
    auth = models.CharField(max_length=40)  # its secret, base64url
    topics = ArrayField(models.SlugField(), default=list, blank=True)  # keys; empty: all of them
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]


class PushMailing(models.Model):
    """One post on its way to all browsers; the message is finished but for the encryption."""

    key = models.UUIDField(unique=True)  # of the order
    urgent = models.BooleanField()
    page = models.URLField(max_length=500)
    message = models.BinaryField()  # JSON, before the encryption
    topic = models.CharField(max_length=32)  # a newer text replaces one that was not delivered yet (RFC 8030, 5.4)
    lives = models.PositiveIntegerField()  # seconds a push service keeps it (TTL)
    opened_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True, blank=True)  # when a job was last asked to carry it out


class Fate(models.TextChoices):
    WAITING = "waiting", "wartet"
    SENT = "sent", "übergeben"
    GONE = "gone", "gibt es nicht mehr"  # 404 or 410: the subscription is removed
    FAILED = "failed", "nicht angenommen"


class PushRecipient(models.Model):
    """The list as it was when the mailing was opened."""

    mailing = models.ForeignKey(PushMailing, on_delete=models.CASCADE, related_name="recipients")
    subscription = models.ForeignKey(Subscription, null=True, on_delete=models.SET_NULL, related_name="+")
    fate = models.CharField(max_length=10, choices=Fate.choices, default=Fate.WAITING)
    not_before = models.DateTimeField(null=True, blank=True)  # the push service asked for patience
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["mailing", "fate"], name="push_open"),
        ]
