"""Each channel with its state in a shape, a word and what happens next; pausing and resuming."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from ausrufer.adapter import registry
from ausrufer.channels.hold import state_words
from ausrufer.channels.models import Channel, HeldFor
from ausrufer.deliveries import pause
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.states import State
from ausrufer.desk.moments import seconds_with_unit
from ausrufer.desk.people import may_pause_channels, reader_of
from ausrufer.kernel.database_clock import database_now
from ausrufer.kernel.sentence import Sentence


@dataclass(frozen=True)
class ShownChannel:
    channel: Channel
    is_own: bool
    shape: str
    state: str
    words: str
    below: str


@require_safe
def channels(request: HttpRequest) -> HttpResponse:
    now = database_now()
    shown = shown_channels(list(Channel.objects.filter(is_active=True)), now)
    stopped = Channel.objects.exclude(stopped_at=None)
    may_pause = may_pause_channels(reader_of(request))
    return render(request, "desk/channels.html", {"shown": shown, "stopped": stopped, "may_pause": may_pause})


@require_POST
def change_channel(request: HttpRequest, key: str) -> HttpResponse:
    reader = reader_of(request)
    if not may_pause_channels(reader):
        raise PermissionDenied(_("Kanäle anhalten dürfen die Pressestelle und die IT."))
    channel = get_object_or_404(Channel, key=key, is_active=True)
    because = " ".join(request.POST.get("because", "").split())
    if request.POST.get("act") == "resume":
        pause.resume(channel, by=reader)
        messages.success(request, _("%(channel)s sendet wieder.") % {"channel": channel.name})
    elif because:
        pause.pause(channel, because=because, by=reader)
        messages.success(request, _("%(channel)s ist angehalten.") % {"channel": channel.name})
    else:
        messages.error(request, _("Bitte sagen Sie, warum %(channel)s anhält.") % {"channel": channel.name})
    return redirect("channels")


def shown_channels(channels: list[Channel], now: datetime) -> list[ShownChannel]:
    """In the order of sending."""
    of_state = (
        Delivery.objects.order_by()
        .values_list("channel")
        .annotate(
            waiting=Count("pk", filter=Q(state=State.WAITING)), unclear=Count("pk", filter=Q(state=State.UNCLEAR))
        )
    )
    counts = {channel: (waiting, unclear) for channel, waiting, unclear in of_state}
    return [shown(channel, now, *counts.get(channel.pk, (0, 0))) for channel in channels]


def shown(channel: Channel, now: datetime, waiting: int, unclear: int) -> ShownChannel:
    words = state_words(channel, now)
    if channel.paused_at:
        shape, state, below = "ring", "paused", channel.paused_because
    elif channel.is_held(now):
        is_locked = channel.held_for == HeldFor.ACCESS
        shape, state = ("cross", "locked_out") if is_locked else ("clock", "patience")
        below = str(Sentence.from_json(channel.held_sentence)) if channel.held_sentence else ""
    elif unclear:
        shape, state, below = "broken", "unclear", _("neue Beiträge gehen hinaus")
        by_hand = registry.platform_class(channel.platform).capabilities.is_by_hand
        open_words = _("%(number)s zu übertragen") if by_hand else _("%(number)s unklar")
        shape, words = "ring-dot" if by_hand else shape, open_words % {"number": unclear}
    else:
        shape, state, below = "tick", "ready", last_words(channel)
    if waiting and state != "ready":
        below = f"{below} {waiting_words(waiting)}".strip()
    is_own = channel.platform in registry.own_keys()
    return ShownChannel(channel, is_own, shape, state, words, below)


def waiting_words(number: int) -> str:
    return ngettext("Ein Beitrag wartet.", "%(number)s Beiträge warten.", number) % {"number": number}


def last_words(channel: Channel) -> str:
    last = (
        Delivery.objects.filter(channel=channel, seen_at__isnull=False).select_related("release").order_by("-seen_at")
    )
    found = last.first()
    if found is None or found.seconds_to_seen is None:
        return _("noch nichts gesendet")
    return _("zuletzt %(seconds)s") % {"seconds": seconds_with_unit(found.seconds_to_seen)}
