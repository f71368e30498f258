"""A channel is held by trouble; everything for it waits, nothing is lost. (Paused, by a person: `deliveries.pause`.)"""

from __future__ import annotations

from datetime import datetime, timedelta

from ausrufer.adapter import registry
from ausrufer.adapter.errors import LockedOut
from ausrufer.channels.connecting import platform_of, refusal
from ausrufer.channels.models import LOCKED, Channel, HeldFor
from ausrufer.kernel.clock import clock_words
from ausrufer.kernel.sentence import Sentence
from ausrufer.kernel.text import writable

NOT_CONNECTED = "noch nicht verbunden"
IN_DOUBT = "nicht geprüft"
TOLD = timedelta(days=20)  # before the access ends


def hold(channel_id: int, held_for: HeldFor, *, until: datetime | None, sentence: Sentence) -> None:
    """Nothing is written to the channel until then; without a time, until somebody connects it again."""
    Channel.objects.filter(pk=channel_id).exclude(held_for__in=LOCKED).update(
        held_for=held_for, held_until=until, held_sentence=writable(sentence.as_json())
    )


def lock(channel_id: int, trouble: LockedOut) -> None:
    hold(channel_id, refusal(trouble), until=None, sentence=trouble.sentence)


def hold_reading(channel_id: int, until: datetime) -> None:
    Channel.objects.filter(pk=channel_id).update(reading_held_until=until)


def let_go(channel_id: int, *, held_until: datetime | None) -> None:
    """Something went through: the hold it met is over. One that began meanwhile, by another delivery, stays."""
    held = Channel.objects.filter(pk=channel_id, held_until=held_until).exclude(held_for="")
    held.update(held_for="", held_until=None, held_sentence=None)


def unlock(channel_id: int) -> None:
    """A check went through: what locked us out is over."""
    locked = Channel.objects.filter(pk=channel_id, held_for__in=LOCKED)
    locked.update(held_for="", held_until=None, held_sentence=None)


def state_words(channel: Channel, now: datetime) -> str:
    """What the desk says of a channel: bereit · angehalten · bittet um Geduld bis 14:20 · Zugang fehlt · gesperrt."""
    if channel.paused_at:
        return "angehalten"
    if not channel.is_held(now) and not platform_of(channel).has_access():
        return NOT_CONNECTED
    if not channel.is_held(now) and channel.doubt:
        refused = locked_for(channel, now)
        return HeldFor(refused).label if refused else IN_DOUBT
    ends = ends_at(channel)
    if not channel.is_held(now) and ends and ends - now < TOLD:
        return ending_words((ends - now).days)
    if not channel.is_held(now):
        return "bereit"
    if channel.held_for in LOCKED or channel.held_until is None:
        return HeldFor.BANNED.label if channel.held_for == HeldFor.BANNED else HeldFor.ACCESS.label
    words = "hält an" if channel.held_for == HeldFor.TROUBLE else "bittet um Geduld"
    return f"{words} bis {clock_words(channel.held_until, now)}"


def locked_for(channel: Channel, now: datetime) -> str:
    """What a person has to mend, as a delivery met it or the last check: access | banned, "" for neither."""
    if channel.is_held(now):
        return channel.held_for if channel.held_for in LOCKED else ""
    return str((channel.doubt or {}).get("refused", ""))


def remedy(channel: Channel, locked: str) -> Sentence:
    """Of what `locked_for` says."""
    if locked == HeldFor.BANNED:
        platform = registry.platform_class(channel.platform).name
        return Sentence("Bitte bei {platform} klären, dann unter „Kanäle“ prüfen.", {"platform": platform})
    return Sentence("Bitte den Kanal neu verbinden.")


def reason(channel: Channel) -> Sentence | str:
    """Why trouble holds it; "" where `state_words` says so already."""
    if not channel.held_sentence:
        return ""
    found = Sentence.from_json(channel.held_sentence)
    is_said = channel.held_for == HeldFor.PATIENCE and HeldFor.PATIENCE.label in found.text
    return "" if is_said else found


def ends_at(channel: Channel) -> datetime | None:
    """When a person has to connect it again; None when that is not to be expected."""
    brief = [each.key for each in registry.platforms() if each.capabilities.has_brief_access]
    return None if channel.platform in brief else channel.expires_at


def ending_words(days: int) -> str:
    if days < 0:
        return "Anmeldung ist abgelaufen"
    return f"Anmeldung läuft in {days} Tagen ab" if days > 1 else "Anmeldung läuft bald ab"
