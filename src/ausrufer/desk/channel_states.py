"""Each channel with its state in a shape, a word and what happens next; pausing and resuming."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from ausrufer.adapter import registry
from ausrufer.adapter.contract import Platform
from ausrufer.channels.connecting import asks_for_access, platform_of
from ausrufer.channels.hold import locked_for, reason, remedy, state_words
from ausrufer.channels.models import Channel, HeldFor
from ausrufer.channels.renewal import is_ending
from ausrufer.deliveries import pause
from ausrufer.deliveries.carrying import by_hand
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.states import Act, State
from ausrufer.desk.moments import day_and_clock, seconds_with_unit
from ausrufer.desk.people import may_pause_channels, reader_of
from ausrufer.desk.templatetags.desk import said
from ausrufer.kernel.database_clock import database_now
from ausrufer.kernel.sentence import Sentence
from ausrufer.people import audit

WHEN_LONG = {
    "shorten": gettext_lazy("%(channel)s: Zu lange Texte werden gekürzt mit Link."),
    "chain": gettext_lazy("%(channel)s: Zu lange Texte werden eine Kette."),
}


@dataclass(frozen=True)
class ShownChannel:
    channel: Channel
    is_own: bool
    shape: str
    state: str
    words: str
    below: str  # why, and what to do
    last: str  # "zuletzt 1,4 s"
    last_success: str  # "Zuletzt gesehen 14:20, 1,4 s nach dem Klick."
    change: str  # what the link to its form says
    can_check: bool
    can_chain: bool
    is_unused: bool  # no post ever went there


@dataclass(frozen=True)
class Counts:
    """Of a channel's deliveries."""

    waiting: int = 0  # posts
    unclear: int = 0
    to_carry: int = 0  # by hand


NOTHING = Counts()


@require_safe
def channels(request: HttpRequest) -> HttpResponse:
    now = database_now()
    shown = shown_channels(list(Channel.objects.filter(is_active=True)), now)
    stopped = Channel.objects.exclude(stopped_at=None).annotate(
        is_used=Exists(Delivery.objects.filter(channel=OuterRef("pk")))
    )
    may_pause = may_pause_channels(reader_of(request))
    return render(request, "desk/channels.html", {"shown": shown, "stopped": stopped, "may_pause": may_pause})


@require_POST
def change_channel(request: HttpRequest, key: str) -> HttpResponse:
    reader = reader_of(request)
    if not may_pause_channels(reader):
        raise PermissionDenied(_("Kanäle anhalten dürfen die Pressestelle und die IT."))
    channel = get_object_or_404(Channel, key=key, is_active=True)
    because = " ".join(request.POST.get("because", "").split())
    if request.POST.get("act") == "when_long":
        choose_when_long(request, channel)
    elif request.POST.get("act") == "resume":
        pause.resume(channel, by=reader)
        messages.success(request, _("%(channel)s sendet wieder.") % {"channel": channel.name})
    elif because:
        pause.pause(channel, because=because, by=reader)
        messages.success(request, _("%(channel)s ist angehalten.") % {"channel": channel.name})
    else:
        messages.error(request, _("Bitte sagen Sie, warum %(channel)s anhält.") % {"channel": channel.name})
    return redirect("channels")


def choose_when_long(request: HttpRequest, channel: Channel) -> None:
    chosen = request.POST.get("when_long", "")
    if chosen not in WHEN_LONG:
        return
    with transaction.atomic():
        Channel.objects.filter(pk=channel.pk).update(when_long=chosen)
        audit.record("chose", f"channel {channel.key}", by=reader_of(request), when_long=chosen)
    messages.success(request, WHEN_LONG[chosen] % {"channel": channel.name})


def shown_channels(channels: list[Channel], now: datetime) -> list[ShownChannel]:
    """In the order of sending."""
    of_state = (
        Delivery.objects.order_by()
        .values_list("channel")
        .annotate(
            waiting=Count("release", filter=Q(state=State.WAITING), distinct=True),
            unclear=Count("pk", filter=Q(state=State.UNCLEAR) & ~by_hand()),
            to_carry=Count("pk", filter=by_hand()),
        )
    )
    counts = {channel: Counts(*numbers) for channel, *numbers in of_state}
    return [shown(channel, now, counts.get(channel.pk)) for channel in channels]


def shown(channel: Channel, now: datetime, counts: Counts | None) -> ShownChannel:
    """`counts`: None while no post ever went there."""
    shape, state, words, below = state_of(channel, now, counts or NOTHING)
    if counts and counts.waiting and state != "ready":
        below = f"{ended(below)} {waiting_words(counts.waiting)}".strip()
    last, last_success = last_words(channel, now)
    can = registry.platform_class(channel.platform).capabilities
    return ShownChannel(
        channel=channel,
        is_own=channel.platform in registry.own_keys(),
        shape=shape,
        state=state,
        words=words,
        below=below,
        last=last,
        last_success=last_success,
        change=change_words(platform_of(channel), state),
        can_check=can.has_profile,
        can_chain=can.can_chain,
        is_unused=counts is None,
    )


def ended(words: str) -> str:
    """With a full stop: what a person gave as a reason may have none."""
    return f"{words}." if words and words[-1] not in ".!?…:" else words


def change_words(platform: Platform, state: str) -> str:
    if not asks_for_access(platform):
        return _("Einstellungen")
    if state == "locked_out":
        return _("Neu verbinden")
    return _("Zugang ändern") if platform.has_access() else _("Verbinden")


def state_of(channel: Channel, now: datetime, counts: Counts) -> tuple[str, str, str, str]:
    """Shape, state, word, and what is below."""
    words = said(state_words(channel, now))
    platform = platform_of(channel)
    if channel.paused_at:
        return "ring", "paused", words, channel.paused_because
    locked = locked_for(channel, now) if platform.has_access() or channel.is_held(now) else ""
    if locked:
        why = reason(channel) if channel.is_held(now) else Sentence.from_json(channel.doubt or {"text": ""})
        state = "banned" if locked == HeldFor.BANNED else "locked_out"
        return "cross", state, words, f"{said(why)} {said(remedy(channel, locked))}".strip()
    if channel.is_held(now):
        why = said(reason(channel))
        return "clock", "patience", words, f"{why} {_('Nichts zu tun, geht von selbst weiter.')}".strip()
    if not platform.has_access():
        return "ring", "paused", words, _("Was hierher soll, wartet, bis jemand den Kanal verbindet.")
    if channel.doubt:
        return "ring", "paused", words, said(Sentence.from_json(channel.doubt))
    if counts.unclear:
        return "broken", "unclear", _("%(number)s unklar") % {"number": counts.unclear}, still_going()
    if counts.to_carry:
        below = "" if can_only_be_carried(channel) else still_going()
        return "ring-dot", "unclear", _("%(number)s zu übertragen") % {"number": counts.to_carry}, below
    if is_ending(channel, now):
        return "clock", "patience", words, _("Neue Beiträge gehen noch hinaus. Bitte den Kanal neu verbinden.")
    return "tick", "ready", _("verbunden") if asks_for_access(platform) else words, ""


def can_only_be_carried(channel: Channel) -> bool:
    """Nothing goes out there by itself."""
    return registry.capabilities(channel.platform).is_by_hand


def still_going() -> str:
    return _("Neue Beiträge gehen hinaus.")


def waiting_words(number: int) -> str:
    return ngettext("Ein Beitrag wartet.", "%(number)s Beiträge warten.", number) % {"number": number}


def last_words(channel: Channel, now: datetime) -> tuple[str, str]:
    """How the last post went that was seen there: in a few words, and in a sentence."""
    seen = Delivery.objects.filter(channel=channel, act=Act.PUBLISH, seen_at__isnull=False).select_related("release")
    last = seen.order_by("-seen_at").first()
    if last is None or last.seen_at is None or last.seconds_to_seen is None:
        return _("noch nichts gesendet"), _("Noch nichts gesendet.")
    taken = seconds_with_unit(last.seconds_to_seen)
    at = day_and_clock(last.seen_at, now)
    sentence = _("Zuletzt gesehen: %(at)s Uhr, nach %(seconds)s.") % {"at": at, "seconds": taken}
    return _("zuletzt %(seconds)s") % {"seconds": taken}, sentence
