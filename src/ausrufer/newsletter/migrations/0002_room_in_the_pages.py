"""A recipient's row is written anew twice within a second; with room beside it no index has to hear of it."""

from typing import ClassVar

from django.db import migrations

ROOM = "ALTER TABLE newsletter_recipient SET (fillfactor = 45)"
NO_ROOM = "ALTER TABLE newsletter_recipient RESET (fillfactor)"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("newsletter", "0001_subscribers_and_mailings")]
    operations: ClassVar = [migrations.RunSQL(ROOM, NO_ROOM)]
