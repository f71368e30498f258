"""Who works with Ausrufer, for which office, in which role."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models


class Office(models.Model):
    """An office of the city (Amt)."""

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    EDITOR = "editor", "Pressestelle"  # may release her own posts
    GUEST = "guest", "Gastautor"  # writes for his office, never releases
    ADMIN = "admin", "IT"  # looks after channels and health, writes nothing


class User(AbstractUser):
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="people")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.GUEST)

    @property
    def may_write(self) -> bool:
        return self.is_active and self.role in (Role.EDITOR, Role.GUEST)

    @property
    def may_release(self) -> bool:
        """An editor of the press office, never a guest author (DESIGN, section 8)."""
        return self.is_active and self.role == Role.EDITOR

    @property
    def shown_name(self) -> str:
        return self.get_full_name() or self.username


class AuditEntry(models.Model):
    """What somebody did. Append-only: the database refuses to change or delete a row."""

    at = models.DateTimeField()
    who = models.ForeignKey(User, null=True, on_delete=models.PROTECT)
    act = models.CharField(max_length=40)  # released | approved | paused | …
    about = models.CharField(max_length=80)  # "post 7k4q2m", "channel threads"
    facts = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        verbose_name_plural = "audit entries"
