"""What lets us in at a platform is worth nothing to whoever has the database alone."""

from __future__ import annotations

import pytest
from django.db import connection

from tests import town


@pytest.mark.django_db
def test_the_database_holds_no_secret_in_clear() -> None:
    channel = town.channel("threads")
    channel.secrets = {"access_token": "THL-geheim", "app_secret": "auch geheim"}
    channel.save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(c)::text FROM channels_channel c WHERE key = %s", [channel.key])
        [row] = cursor.fetchone()

    assert not any(word in row for word in ("geheim", "access_token", "app_secret"))
    channel.refresh_from_db()
    assert channel.secrets == {"access_token": "THL-geheim", "app_secret": "auch geheim"}
