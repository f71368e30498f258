"""What a person entered on the compose page, and saving it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ausrufer.adapter import registry
from ausrufer.channels.models import Channel
from ausrufer.kernel.clock import local
from ausrufer.kernel.database_clock import database_now
from ausrufer.kernel.sentence import Sentence
from ausrufer.people.models import User
from ausrufer.posts import compose, pictures
from ausrufer.posts.compose import LONGEST
from ausrufer.posts.models import Post, Topic
from ausrufer.posts.trouble import Problem

LANGUAGES = [
    ("de", gettext_lazy("Deutsch")),
    ("en", gettext_lazy("Englisch")),
    ("fr", gettext_lazy("Französisch")),
    ("lb", gettext_lazy("Luxemburgisch")),
    ("uk", gettext_lazy("Ukrainisch")),
    ("ar", gettext_lazy("Arabisch")),
]
LONGEST_ALT = 1500  # characters; the field's maxlength
LOCAL_TIME = "%Y-%m-%dT%H:%M"  # as browsers send a datetime-local field


class ComposeForm(forms.Form):
    revision = forms.IntegerField(min_value=1)
    overwrite = forms.IntegerField(min_value=1, required=False)
    text = forms.CharField(required=False, strip=False, max_length=LONGEST)
    topic = forms.ModelChoiceField(Topic.objects.all(), required=False)
    language = forms.ChoiceField(choices=LANGUAGES, required=False)
    channels = forms.ModelMultipleChoiceField(
        Channel.objects.filter(is_active=True), required=False, to_field_name="key"
    )
    due_at = forms.DateTimeField(required=False, input_formats=[LOCAL_TIME, f"{LOCAL_TIME}:%S"])

    def clean_due_at(self) -> datetime | None:
        """None: at once."""
        due: datetime | None = self.cleaned_data["due_at"]
        if self.data.get("when") != "at":
            return None
        if due is None:
            raise forms.ValidationError(_("Bitte Tag und Uhrzeit angeben."))
        if due <= database_now():
            raise forms.ValidationError(_("Dieser Zeitpunkt ist schon vorbei."))
        for problem in compose.unfit_time(due):
            raise forms.ValidationError(_(str(problem)))
        return due


@dataclass(frozen=True)
class Entered:
    """The fields as the page shows them: from the draft, or as typed when it could not be saved."""

    text: str
    topic: str
    language: str
    channels: frozenset[str]
    when: str  # now | at
    due_at: str
    variants: dict[str, str] = field(default_factory=dict)
    when_long: dict[str, str] = field(default_factory=dict)  # by channel key
    warning: str = ""

    @classmethod
    def stored(cls, post: Post) -> Entered:
        return cls(
            text=post.text,
            topic=str(post.topic_id or ""),
            language=post.language,
            channels=frozenset(post.channels.values_list("key", flat=True)),
            when="at" if post.due_at else "now",
            due_at=f"{local(post.due_at):{LOCAL_TIME}}" if post.due_at else "",
            variants={each.channel.key: each.text for each in post.variants.select_related("channel")},
            when_long={each.channel.key: each.when_long for each in post.variants.select_related("channel")},
            warning=post.warning,
        )

    @classmethod
    def typed(cls, data: QueryDict) -> Entered:
        return cls(
            text=data.get("text", ""),
            topic=data.get("topic", ""),
            language=data.get("language", "de"),
            channels=frozenset(data.getlist("channels")),
            when=data.get("when", "now"),
            due_at=data.get("due_at", ""),
            variants=by_channel(data, "variant-"),
            when_long=by_channel(data, "when_long-"),
            warning=data.get("warning", ""),
        )


@dataclass(frozen=True)
class Saved:
    post: Post
    read_revision: int  # the one whose preview the page showed
    problems: list[Problem]  # with the entries themselves; such a field keeps its old value

    @property
    def has_changed(self) -> bool:
        return self.post.revision != self.read_revision


def save(post: Post, data: QueryDict, *, by: User, takes_look_ups: bool = True) -> Saved:
    """Raises ChangedMeanwhile, NotEditable or NotAllowed; then nothing is saved."""
    form = ComposeForm(data)
    form.is_valid()
    entered: dict[str, Any] = form.cleaned_data
    variants = by_channel(data, "variant-")
    too_long = {key for key, text in variants.items() if len(text) > LONGEST}
    read = entered.get("overwrite") or entered.get("revision") or 0
    with transaction.atomic():
        saved = compose.save_draft(
            post,
            by=by,
            revision=read,
            text=entered.get("text", post.text),
            topic=entered.get("topic", post.topic),
            channels=[*entered.get("channels", []), *own_channels()],
            language=entered.get("language") or post.language,
            variants={key: text for key, text in variants.items() if key not in too_long},
            when_long=by_channel(data, "when_long-"),
            warning=data.get("warning"),
            due_at=entered.get("due_at", post.due_at),
            useful_until=post.useful_until,
            takes_look_ups=takes_look_ups,
        )
        undescribed = describe_pictures(saved, data, by)
        saved.refresh_from_db()
    longer = "Die eigene Fassung ist länger als 20.000 Zeichen und wurde nicht gesichert."
    unsaved = [Problem(f"channel:{key}", Sentence(longer)) for key in sorted(too_long)]
    return Saved(saved, read, [*troubles(form), *unsaved, *undescribed])


def describe_pictures(post: Post, data: QueryDict, by: User) -> list[Problem]:
    """Descriptions that are too long keep their old words."""
    found = []
    for number, each in enumerate(post.attachments.all(), 1):
        if f"alt-{each.pk}" in data:
            alt, decorative = str(data[f"alt-{each.pk}"]), f"decorative-{each.pk}" in data
            if len(alt) > LONGEST_ALT:
                longer = "Beschreibung {number} ist länger als 1.500 Zeichen und wurde nicht gesichert."
                found.append(Problem("pictures", Sentence(longer, {"number": str(number)})))
            else:
                pictures.describe(each, by=by, alt=alt, decorative=decorative)
    return found


def own_channels() -> list[Channel]:
    return list(Channel.objects.filter(is_active=True, platform__in=registry.own_keys()))


def by_channel(data: QueryDict, prefix: str) -> dict[str, str]:
    return {key.removeprefix(prefix): str(data[key]) for key in data if key.startswith(prefix)}


def troubles(form: ComposeForm) -> list[Problem]:
    named = {"text": _("Der Text ist länger als 20.000 Zeichen und wurde nicht gesichert.")}
    return [
        Problem(name, Sentence(named.get(name, str(errors[0])).replace("{", "{{").replace("}", "}}")))
        for name, errors in form.errors.items()
        if name in ("text", "topic", "language", "channels", "due_at")
    ]
