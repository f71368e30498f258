"""Files on their way in."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from ausrufer.kernel.ids import new_key


class UploadState(models.TextChoices):
    ARRIVING = "arriving"  # some bytes are still to come
    WAITING = "waiting"  # whole; nobody has looked at it yet
    WORKING = "working"  # it is being made anew
    DONE = "done"
    REFUSED = "refused"  # `sentence` says why


UNDER_WORK = (UploadState.WAITING, UploadState.WORKING)


class Upload(models.Model):
    """A file that comes in piece by piece; its bytes are `UPLOADS_FOLDER/<key>`, gone once it is done."""

    key = models.UUIDField(unique=True, default=new_key, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    post = models.CharField(max_length=12)  # the short address of the post it is for
    name = models.CharField(max_length=200)  # as its owner called it
    size = models.PositiveBigIntegerField()  # bytes, as announced
    received = models.PositiveBigIntegerField(default=0)  # bytes
    state = models.CharField(max_length=10, choices=UploadState, default=UploadState.ARRIVING)
    progress = models.PositiveSmallIntegerField(default=0)  # percent of the work, 0-100
    sentence = models.JSONField(null=True, blank=True)  # `kernel.sentence.Sentence`
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]

    @property
    def is_open(self) -> bool:
        return self.state not in (UploadState.DONE, UploadState.REFUSED)


class SmallFilm(models.Model):
    """A copy of a stored film for platforms that take no larger ones; its row is there as soon as it is asked for."""

    class State(models.TextChoices):
        ASKED = "asked"
        DONE = "done"
        REFUSED = "refused"  # it cannot be made; the nightly sweep lets it be tried anew

    of = models.CharField(max_length=64)  # digest of the film
    longer = models.PositiveSmallIntegerField()  # pixels at most
    shorter = models.PositiveSmallIntegerField()  # pixels at most
    digest = models.CharField(max_length=64, blank=True)  # of the copy; "" until it is done
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["of", "longer", "shorter"], name="one_small_film")
        ]
