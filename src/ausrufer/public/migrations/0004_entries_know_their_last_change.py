from typing import Any

from django.db import migrations, models


def from_release(apps: Any, schema_editor: Any) -> None:
    """The next start writes every entry anew and with it the times of corrections."""
    apps.get_model("public", "PublicEntry").objects.update(updated_at=models.F("released_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("public", "0003_events_by_post"),
    ]

    operations = [
        migrations.AddField("publicentry", "updated_at", models.DateTimeField(null=True)),
        migrations.RunPython(from_release, migrations.RunPython.noop),
        migrations.AlterField("publicentry", "updated_at", models.DateTimeField()),
    ]
