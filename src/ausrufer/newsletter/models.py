"""Who gets the newsletter, and each mailing with its recipients."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ausrufer.kernel.ids import ALPHABET

TOKEN_LENGTH = 24  # 27^24 is 114 bits


def new_token() -> str:
    """Small letters and digits only: it also stands in return paths, whose case some servers do not keep."""
    return "".join(secrets.choice(ALPHABET) for _ in range(TOKEN_LENGTH))


class Standing(models.TextChoices):
    """How far a subscription is (double opt-in)."""

    REQUESTED = "requested", "angefragt"  # nothing is sent but the one mail that asks
    CONFIRMED = "confirmed", "bestätigt"
    ENDED = "ended", "beendet"


class Subscriber(models.Model):
    """A citizen's address, with the evidence of the consent (Art. 7 GDPR)."""

    address = models.CharField(max_length=254, unique=True)  # in small letters
    topics = ArrayField(models.SlugField(), default=list, blank=True)  # keys; empty: all of them
    state = models.CharField(max_length=10, choices=Standing.choices, default=Standing.REQUESTED)
    token = models.CharField(max_length=32, unique=True, default=new_token)
    consent = models.CharField(max_length=40)  # version of the text that was agreed to
    requested_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=10, blank=True)  # person | bounces
    bounces = models.PositiveSmallIntegerField(default=0)  # hard ones, counted once a day
    bounced_at = models.DateTimeField(null=True, blank=True)
    link_sent_at = models.DateTimeField(null=True, blank=True)  # the last mail with the personal address

    class Meta:
        ordering: ClassVar[list[str]] = ["address"]

    def __str__(self) -> str:
        return self.address


class Mailing(models.Model):
    """One post on its way to all who read its topic; the letter is finished but for the recipient's own lines."""

    key = models.UUIDField(unique=True)  # of the order
    urgent = models.BooleanField()
    page = models.TextField()  # of the post on the own pages
    letter = models.BinaryField()
    opened_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True, blank=True)  # when a job was last asked to carry it out
    trouble = models.CharField(max_length=300, blank=True)  # German; what keeps the relay from taking it

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]


class Fate(models.TextChoices):
    """What became of one recipient's mail."""

    WAITING = "waiting", "wartet"
    SENDING = "sending", "wird übergeben"  # the last line may be on its way to the relay
    SENT = "sent", "übergeben"
    FAILED = "failed", "nicht angenommen"
    UNCLEAR = "unclear", "unklar"  # a crash or a lost answer left it open; an ordinary mail is not repeated


class Recipient(models.Model):
    """The list as it was when the mailing was opened; whoever subscribes later is not on it."""

    # Written by the thousand: the database need not look the mailing up for each of them.
    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="recipients", db_constraint=False)
    address = models.CharField(max_length=254)
    token = models.CharField(max_length=32)
    state = models.CharField(max_length=8, choices=Fate.choices, default=Fate.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=200, blank=True)  # the relay's words, for the log and the list

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["mailing", "id"], name="of_mailing")]
