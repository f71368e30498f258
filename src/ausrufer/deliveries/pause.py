"""A person pauses a channel, resumes it, or gives it new access; what waits goes on by itself."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from ausrufer.channels import connecting, hold
from ausrufer.channels.models import Channel
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.states import State
from ausrufer.deliveries.wake import wake_dispatcher
from ausrufer.kernel.database_clock import database_now
from ausrufer.kernel.sentence import Sentence
from ausrufer.people import audit
from ausrufer.people.models import User

STOPPED = Sentence("Der Kanal ist stillgelegt.")


def pause(channel: Channel, *, because: str, by: User) -> None:
    with transaction.atomic():
        now = database_now()
        Channel.objects.filter(pk=channel.pk, paused_at=None).update(paused_at=now, paused_because=because[:200])
        audit.record("paused", f"channel {channel.key}", by=by, because=because)


def resume(channel: Channel, *, by: User) -> None:
    with transaction.atomic():
        Channel.objects.filter(pk=channel.pk).update(paused_at=None, paused_because="")
        audit.record("resumed", f"channel {channel.key}", by=by)
        wake_dispatcher()


def stop(channel: Channel, *, because: str, redirect: str, by: User) -> None:
    """For good: what waits does not go out, nobody can choose it, and the own pages say where to read instead."""
    with transaction.atomic():
        Channel.objects.filter(pk=channel.pk, is_active=True).update(
            is_active=False, stopped_at=database_now(), stopped_because=because[:200], redirect=redirect[:300]
        )
        Delivery.objects.filter(channel=channel, state=State.WAITING).update(
            state=State.LAPSED, sentence=STOPPED.as_json()
        )
        audit.record("stopped", f"channel {channel.key}", by=by, because=because)


def start_again(channel: Channel, *, by: User) -> None:
    with transaction.atomic():
        Channel.objects.filter(pk=channel.pk).update(is_active=True, stopped_at=None, stopped_because="", redirect="")
        audit.record("started again", f"channel {channel.key}", by=by)


def remove(channel: Channel, *, by: User) -> bool:
    """With all that was entered. False: it belongs to a post by now, and stays."""
    try:
        with transaction.atomic():
            audit.record("removed", f"channel {channel.key}", by=by)
            channel.delete()
    except IntegrityError:
        return False
    return True


def connected(channel: Channel, *, by: User) -> None:
    """The owner gave new access."""
    with transaction.atomic():
        hold.let_go(channel.pk, held_until=channel.held_until)
        audit.record("connected", f"channel {channel.key}", by=by)
        wake_dispatcher()


def proven(channel: Channel) -> None:
    """A check went through."""
    with transaction.atomic():
        connecting.prove(channel.pk)
        hold.unlock(channel.pk)
        wake_dispatcher()
