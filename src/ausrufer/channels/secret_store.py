"""Rotating tokens: read, changed and committed under a lock on the channel's row, before anybody uses them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db import transaction

from ausrufer.channels.models import Channel


class ChannelSecrets:
    """`adapter.supplies.Secrets`."""

    def renew(self, channel: str, change: Callable[[Mapping[str, str]], Mapping[str, str]]) -> Mapping[str, str]:
        """Whatever `change` raises leaves the stored secrets as they are."""
        with transaction.atomic():
            row = Channel.objects.select_for_update().get(key=channel)
            fresh = dict(change(row.secrets))
            if fresh != row.secrets:
                row.secrets = fresh
                row.save(update_fields=["secrets"])
        return fresh
