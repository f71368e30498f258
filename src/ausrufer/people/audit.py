"""Writing the record of acts; call it inside the transaction of the act."""

from __future__ import annotations

from typing import Any

from ausrufer.kernel.database_clock import database_now
from ausrufer.people.models import AuditEntry, User


def record(act: str, about: str, *, by: User | None, **facts: Any) -> AuditEntry:
    return AuditEntry.objects.create(at=database_now(), who=by, act=act, about=about, facts=facts)
