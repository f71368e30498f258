"""Release and delivery: the truth about what goes where, and the queue at the same time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from ausrufer.channels.models import Channel
from ausrufer.deliveries.states import Act, State, came_from
from ausrufer.kernel.ids import new_key
from ausrufer.posts.models import Approval, Post


class Release(models.Model):
    """A post let go (Freigabe); the unique post is why two people at once make one release."""

    post = models.OneToOneField(Post, on_delete=models.PROTECT, related_name="release")
    approval = models.OneToOneField(Approval, on_delete=models.PROTECT, related_name="release")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    clicked_at = models.DateTimeField()  # arrival of the request
    released_at = models.DateTimeField()  # end of the transaction's work
    due_at = models.DateTimeField(null=True, blank=True)  # None: at once

    @property
    def starts_at(self) -> datetime:
        """Where the seconds begin: the click, or the due time."""
        return max(self.clicked_at, self.due_at) if self.due_at else self.clicked_at

    @property
    def shown_text(self) -> str:
        """As it was corrected last; reads the changes, so prefetch them for a list."""
        corrected = [each.after for each in self.changes.all() if each.act == Act.CORRECT]
        return corrected[-1] if corrected else self.post.text

    @property
    def is_withdrawn(self) -> bool:
        return any(each.act == Act.WITHDRAW for each in self.changes.all())


class Change(models.Model):
    """A released post is a record; what happens to it later is one, too: correction or withdrawal."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="changes")
    act = models.CharField(max_length=10, choices=Act.choices)
    number = models.PositiveSmallIntegerField()  # of this release, from 1
    approval = models.OneToOneField(Approval, null=True, blank=True, on_delete=models.PROTECT, related_name="change")
    before = models.TextField()
    after = models.TextField(blank=True)  # "" when it is withdrawn
    reason = models.CharField(max_length=300, blank=True)  # shown to the public
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    clicked_at = models.DateTimeField()  # arrival of the request
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["release", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["release", "number"], name="changes_are_counted")
        ]


class Delivery(models.Model):
    """One post on one channel (Zustellung): its own queue entry and its own receipt."""

    key = models.UUIDField(unique=True, default=new_key, editable=False)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="deliveries")
    act = models.CharField(max_length=10, choices=Act.choices, default=Act.PUBLISH)
    change = models.ForeignKey(Change, null=True, blank=True, on_delete=models.PROTECT, related_name="deliveries")
    # Corrected before it went out: what it carries in the place of the release's renditions.
    newer_approval = models.ForeignKey(Approval, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="changed_by")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    urgent = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True, blank=True)  # chosen by a person; None: at once
    useful_until = models.DateTimeField(null=True, blank=True)

    not_before = models.DateTimeField(null=True, blank=True)  # asked to be patient
    under_way = models.BooleanField(default=False)  # while it waits: a mailing or a film gets on
    claim = models.PositiveIntegerField(default=0)  # every move of a sender names it
    claimed_by = models.IntegerField(null=True, blank=True)  # the dispatcher's number, under which it holds a lock
    lease_until = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    acted_at = models.DateTimeField(null=True, blank=True)  # in this claim: before this, nothing can be public
    attempt = models.PositiveIntegerField(default=0)

    rank = models.PositiveSmallIntegerField(default=0)  # which frozen rendition
    so_far = models.JSONField(default=dict, blank=True)
    placement = models.JSONField(null=True, blank=True)
    address = models.URLField(max_length=500, blank=True)

    sent_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=10, blank=True)
    looks = models.PositiveSmallIntegerField(default=0)
    look_at = models.DateTimeField(null=True, blank=True)  # next look; None: nothing to look for
    needs_person = models.BooleanField(default=False)  # unclear, and the platform cannot tell

    sentence = models.JSONField(null=True, blank=True)
    diagnostic = models.TextField(blank=True)
    clock_jumps = models.DurationField(default=timedelta)  # what the machine's clock jumped while it was under way

    class Meta:
        ordering: ClassVar[list[str]] = ["channel__position", "id"]
        verbose_name_plural = "deliveries"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["release", "channel", "act"],
                condition=Q(change=None) & ~Q(act=Act.FOLLOW),  # pictures may follow, and a film after them
                name="one_delivery_per_channel",
            ),
            models.UniqueConstraint(fields=["change", "of"], name="one_delivery_per_change"),
            # One at a time per channel, and a slot of its own for a crisis.
            models.UniqueConstraint(
                fields=["channel", "urgent"], condition=Q(state=State.SENDING), name="one_sending_per_channel"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["channel", "-urgent", "due_at", "id"], condition=Q(state=State.WAITING), name="queue"),
            models.Index(fields=["state"], condition=~Q(state=State.ONLINE), name="unfinished"),
            models.Index(fields=["lease_until"], condition=Q(state=State.SENDING), name="leases"),
            models.Index(fields=["look_at"], condition=Q(look_at__isnull=False), name="to_look_at"),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.state}"

    def move(self, to: State, **changes: Any) -> bool:
        """True for exactly one caller, and only while the claim is still ours. False is a normal answer."""
        came = came_from(to)
        return Delivery.objects.filter(pk=self.pk, claim=self.claim, state__in=came).update(state=to, **changes) == 1

    def seconds(self, moment: datetime | None) -> float | None:
        """From the click (or due time) to `moment`; None while there is no such moment."""
        if moment is None:
            return None
        return max(0.0, (moment - self.starts_at - self.clock_jumps).total_seconds())

    @property
    def starts_at(self) -> datetime:
        """Where its seconds begin."""
        return self.change.clicked_at if self.change else self.release.starts_at

    @property
    def approval_id(self) -> int:
        """Of the renditions it carries."""
        own = self.change.approval_id if self.change else self.newer_approval_id
        return own or self.release.approval_id

    @property
    def seconds_to_sent(self) -> float | None:
        return self.seconds(self.sent_at)

    @property
    def seconds_to_seen(self) -> float | None:
        return self.seconds(self.seen_at)
