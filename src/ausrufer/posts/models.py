"""What is written once, and the frozen renditions of it that were approved."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from ausrufer.channels.models import Channel
from ausrufer.kernel.ids import new_key, short_address
from ausrufer.media.models import UNDER_WORK, Upload


class Topic(models.Model):
    """A subject the city reports about (Thema); the list comes from the channel concept."""

    key = models.SlugField(unique=True)  # "roadworks"
    label = models.CharField(max_length=120)  # "Städtische Baustellen und Umleitungen"
    short_label = models.CharField(max_length=40)  # "Baustellen"
    is_crisis = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "key"]

    def __str__(self) -> str:
        return self.label


PAGE_LENGTH = 16


class Post(models.Model):
    """A message (Beitrag). Nobody writes a title: the first sentence carries."""

    key = models.UUIDField(unique=True, default=new_key, editable=False)
    address = models.CharField(max_length=12, unique=True, default=short_address, editable=False)  # …/b/7k4q2m
    text = models.TextField(blank=True)
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.PROTECT, related_name="posts")
    language = models.CharField(max_length=8, default="de")
    warning = models.CharField(max_length=100, blank=True)  # content warning (Inhaltshinweis), where a platform has one
    urgent = models.BooleanField(default=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts")
    channels = models.ManyToManyField(Channel, related_name="posts", blank=True)
    revision = models.PositiveIntegerField(default=1)  # counts every change an approval must not miss
    written_on = models.CharField(max_length=PAGE_LENGTH, blank=True)  # the page of the desk that changed it last
    written_since = models.PositiveIntegerField(default=1)  # the revision since which only that page has changed it
    due_at = models.DateTimeField(null=True, blank=True)  # None: at once
    useful_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)  # when a guest author asked for approval
    # What look-ups found for this text, by channel key: `adapter.contract.Draft.known`. Part of the revision.
    known = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.address}: {self.text[:60]}"


class Variant(models.Model):
    """An editor's choice for one channel (Fassung): own words, or what becomes of a text that is too long."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="variants")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(blank=True)  # "": the common text
    when_long = models.CharField(max_length=8, blank=True)  # shorten | chain; "": the channel's default

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["post", "channel"], name="one_variant_per_channel")
        ]


class LookUp(models.Model):
    """A name that a text mentions (Nachschlagen): asked for by the worker, remembered for every draft."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=300)  # as it is written: "@trier.de"
    value = models.CharField(max_length=300, blank=True)  # "": not found, or not answered
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["channel", "name"], name="one_look_up_per_name")
        ]


class Attachment(models.Model):
    """A picture or video of a post, in order; the file is `DATA/media/<digest>.<ending>`, never as it was uploaded."""

    class Kind(models.TextChoices):
        PICTURE = "picture"
        VIDEO = "video"

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="attachments")
    position = models.PositiveSmallIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the stored file
    mime = models.CharField(max_length=40)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()  # bytes
    name = models.CharField(max_length=200, blank=True)  # of the uploaded file, for the editor only
    alt = models.TextField(blank=True)
    decorative = models.BooleanField(default=False)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PICTURE)
    seconds = models.FloatField(default=0.0)
    poster = models.CharField(max_length=64, blank=True)  # digest of the JPEG that stands for a video
    # Of a video: how far it is. Until it is done there is no digest.
    framed = models.JSONField(null=True, blank=True)  # `adapter.contract.Framed` of a picture that needs it
    upload = models.ForeignKey(Upload, null=True, blank=True, on_delete=models.SET_NULL, related_name="attachments")

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "id"]

    @property
    def is_video(self) -> bool:
        return self.kind == self.Kind.VIDEO

    @property
    def is_ready(self) -> bool:
        return bool(self.digest)

    @property
    def is_awaited(self) -> bool:
        """All of it has come, and it is still being made into what can be shown."""
        return not self.digest and self.upload is not None and self.upload.state in UNDER_WORK


class Caption(models.Model):
    """Captions (Untertitel) of a video in one language; the file is `DATA/media/<digest>.vtt`."""

    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="captions")
    language = models.CharField(max_length=8, default="de")
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()  # bytes

    class Meta:
        ordering: ClassVar[list[str]] = ["language"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["attachment", "language"], name="one_caption_per_language")
        ]


class Approval(models.Model):
    """Somebody agreed to exactly these renditions (Zustimmung)."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="approvals")
    revision = models.PositiveIntegerField()  # of the post when it was approved
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


FOLLOW_UP = 100
FILM = 200


class FrozenRendition(models.Model):
    """An `adapter.contract.Rendition` as approved; rank 0 is wanted, the others are fallbacks in order.

    Ranks from FOLLOW_UP on are of what follows the text in a crisis, those from FILM on of a film that was still being
    made. Where `Rendition.awaits` such a film, `posts.films` puts it in its place, and changes nothing else.
    """

    approval = models.ForeignKey(Approval, on_delete=models.CASCADE, related_name="renditions")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()
    body = models.JSONField()

    class Meta:
        ordering: ClassVar[list[str]] = ["channel__position", "rank"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["approval", "channel", "rank"], name="one_rendition_per_rank")
        ]
