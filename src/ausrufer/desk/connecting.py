"""Connecting a channel at the desk: by a form that the platform describes, or by agreeing at the platform (OAuth)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ausrufer.adapter import registry
from ausrufer.adapter.contract import Field, Profile
from ausrufer.adapter.errors import LockedOut, Trouble
from ausrufer.channels import connecting, limits
from ausrufer.channels.models import Channel
from ausrufer.deliveries import pause
from ausrufer.desk.people import may_pause_channels, reader_of
from ausrufer.desk.templatetags.desk import said
from ausrufer.kernel.sentence import Sentence
from ausrufer.people import audit
from ausrufer.public.tasks import tell_of_channels

AGREEING = "agreeing"  # session key: {state: channel} of OAuth round trips that were begun here


@dataclass(frozen=True)
class ShownField:
    field: Field
    value: str
    is_stored: bool  # a secret that is there and never shown again
    trouble: str

    @property
    def input_type(self) -> str:
        return "password" if self.field.is_secret else {"number": "text"}.get(self.field.kind, self.field.kind)


@require_http_methods(["GET", "HEAD", "POST"])
def new_channel(request: HttpRequest) -> HttpResponse:
    allowed(request)
    platforms = [each for each in registry.platforms() if not each.capabilities.is_own]
    if request.method == "POST":
        chosen = next((each for each in platforms if each.key == request.POST.get("platform")), None)
        if chosen:
            name = " ".join(request.POST.get("name", "").split())[:80]
            with transaction.atomic():
                channel = connecting.add(chosen, name)
                audit.record("added", f"channel {channel.key}", by=reader_of(request))
            return redirect("connect", channel.key)
    # Names and keys, since a template would call a class.
    choices = sorted((each.name, each.key) for each in platforms)
    return render(request, "desk/new_channel.html", {"choices": choices})


@require_http_methods(["GET", "HEAD", "POST"])
def connect(request: HttpRequest, key: str) -> HttpResponse:
    allowed(request)
    channel = get_object_or_404(Channel, key=key)
    platform = registry.platform_class(channel.platform)
    fields, troubles = platform.fields(), {}
    if request.method == "POST":
        entered = {each.name: request.POST.get(each.name, "") for each in fields}
        troubles = {each.name: words(each) for each in connecting.troubles(fields, entered, channel.secrets)}
        if not troubles and (answer := entered_well(request, channel, fields, entered)):
            return answer
        channel.refresh_from_db()  # as it was, where the entry was refused
    about = {
        "channel": channel,
        "heading": heading(channel),
        "platform_name": platform.name,
        "checks": platform.capabilities.has_profile,
        "fields": [shown(each, channel, request, troubles.get(each.name, "")) for each in fields],
        "agrees": platform.capabilities.connects_by_redirect,
        "redirect_uri": redirect_uri(request),
    }
    return render(request, "desk/connect.html", about, status=422 if request.method == "POST" else 200)


def entered_well(
    request: HttpRequest, channel: Channel, fields: tuple[Field, ...], entered: dict[str, str]
) -> HttpResponse | None:
    """Access that is there stays until the new one passed its check; None: it was refused, and nothing is changed."""
    agrees, had_access = request.POST.get("act") == "agree", connecting.platform_of(channel).has_access()
    with transaction.atomic():
        connecting.enter(channel, fields, entered)
        checked = None if agrees else tested(channel)
        if had_access and isinstance(checked, LockedOut):
            transaction.set_rollback(True)
            names = {"trouble": said(checked.sentence), "channel": channel.name}
            messages.error(request, _("%(channel)s: %(trouble)s Der bisherige Zugang bleibt.") % names)
            return None
        pause.connected(channel, by=reader_of(request))
    if agrees:
        return agree(request, channel)
    tell(request, channel, checked)
    return redirect("channels")


def agree(request: HttpRequest, channel: Channel) -> HttpResponse:
    """To the platform, with a state that only this session knows.

    By a page: our `form-action` would forbid a redirect, and from there every further one the platform makes.
    """
    state = secrets.token_urlsafe(24)
    request.session[AGREEING] = {**request.session.get(AGREEING, {}), state: channel.key}
    platform = connecting.platform_of(channel)
    about = {"address": platform.connect_url(redirect_uri(request), state), "platform_name": platform.name}
    return render(request, "desk/agree.html", about)


@require_safe
def agreed(request: HttpRequest) -> HttpResponse:
    """Where a platform sends the person back. A state that is not ours changes nothing."""
    allowed(request)
    begun = request.session.get(AGREEING, {})
    key = begun.pop(request.GET.get("state", ""), "")
    request.session[AGREEING] = begun
    if not key:
        messages.error(request, _("Diese Verbindung wurde nicht von hier begonnen. Bitte noch einmal verbinden."))
        return redirect("channels")
    channel = get_object_or_404(Channel, key=key)
    try:
        connection = connecting.platform_of(channel).connected(request.GET.dict(), redirect_uri(request))
    except Trouble as trouble:
        messages.error(request, said(trouble.sentence))
        return redirect("connect", key)
    with transaction.atomic():
        connecting.store(channel, connection)
        pause.connected(channel, by=reader_of(request))
    tell(request, channel, tested(channel))
    return redirect("channels")


@require_POST
def test_channel(request: HttpRequest, key: str) -> HttpResponse:
    allowed(request)
    channel = get_object_or_404(Channel, key=key)
    tell(request, channel, tested(channel))
    return redirect("channels")


def tested(channel: Channel) -> Profile | Trouble | None:
    """Asks the platform whom our access belongs to, with a draft nobody sees where it can; nothing public changes.

    None: there is nobody to ask.
    """
    platform = connecting.platform_of(channel)
    if not platform.capabilities.has_profile:
        return None
    try:
        profile = platform.profile()
        if platform.capabilities.can_rehearse:
            platform.rehearse()
    except Trouble as trouble:
        return trouble
    return profile


def tell(request: HttpRequest, channel: Channel, checked: Profile | Trouble | None) -> None:
    """What `tested` found: on the channel for everybody, and to whom asked."""
    names, can = {"channel": channel.name}, registry.platform_class(channel.platform).capabilities
    if checked is None:
        messages.success(request, _("Die Einstellungen von „%(channel)s“ sind gespeichert.") % names)
        return
    if isinstance(checked, Trouble):
        connecting.doubt(channel, checked)
        messages.error(request, f"{channel.name}: {said(checked.sentence)}")
        return
    pause.proven(channel)
    limits.read(channel)
    who = checked.handle or checked.name
    found = [_("%(channel)s ist verbunden: %(who)s.") % {**names, "who": who}]
    if checked.readers == 0:
        found.append(_("Bis jetzt hat es niemand bestellt."))
    if can.can_rehearse:
        found.append(_("Ein Entwurf, den niemand sieht, wurde angenommen."))
    messages.success(request, " ".join(found))


@require_http_methods(["GET", "HEAD", "POST"])
def stop_channel(request: HttpRequest, key: str) -> HttpResponse:
    allowed(request)
    channel, trouble = get_object_or_404(Channel, key=key), ""
    if channel.platform in registry.own_keys():
        raise PermissionDenied(_("Die eigene Website lässt sich nicht stilllegen."))
    if request.method == "POST" and request.POST.get("act") == "start":
        pause.start_again(channel, by=reader_of(request))
        tell_of_channels.defer()
        return redirect("channels")
    if request.method == "POST":
        because, words = (" ".join(request.POST.get(name, "").split()) for name in ("because", "redirect"))
        if because:
            pause.stop(channel, because=because, redirect=words, by=reader_of(request))
            tell_of_channels.defer()
            messages.success(request, _("%(channel)s ist stillgelegt.") % {"channel": channel.name})
            return redirect("channels")
        trouble = _("Bitte sagen Sie, warum.")
    return render(request, "desk/stop_channel.html", {"channel": channel, "trouble": trouble})


@require_http_methods(["GET", "HEAD", "POST"])
def remove_channel(request: HttpRequest, key: str) -> HttpResponse:
    """The page asks, and its button is the second press."""
    allowed(request)
    channel = get_object_or_404(Channel, key=key)
    names = {"channel": channel.name}
    if channel.platform in registry.own_keys():
        raise PermissionDenied(_("Die eigene Website lässt sich nicht entfernen."))
    if request.method != "POST":
        return render(request, "desk/remove_channel.html", {"channel": channel})
    if pause.remove(channel, by=reader_of(request)):
        messages.success(request, _("%(channel)s ist entfernt.") % names)
    else:
        messages.error(request, _("%(channel)s gehört schon zu einem Beitrag und lässt sich nur stilllegen.") % names)
    return redirect("channels")


def shown(field: Field, channel: Channel, request: HttpRequest, trouble: str) -> ShownField:
    typed = request.POST.get(field.name)
    value = "" if field.is_secret else typed if typed is not None else channel.settings.get(field.name, field.default)
    return ShownField(field, str(value), bool(field.is_secret and channel.secrets.get(field.name)), trouble)


def heading(channel: Channel) -> str:
    """What the form is for."""
    platform, names = connecting.platform_of(channel), {"channel": channel.name}
    if not connecting.asks_for_access(platform):
        return _("%(channel)s: Einstellungen") % names
    return (_("%(channel)s: Zugang ändern") if platform.has_access() else _("%(channel)s verbinden")) % names


def words(trouble: connecting.FieldTrouble) -> str:
    """A label stands in the reader's language, inside the sentence too."""
    return said(Sentence(trouble.sentence.text, {name: _(value) for name, value in trouble.sentence.values.items()}))


def redirect_uri(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("agreed"))


def allowed(request: HttpRequest) -> None:
    if not may_pause_channels(reader_of(request)):
        raise PermissionDenied(_("Kanäle verbinden dürfen die Pressestelle und die IT."))
