from django.db import migrations, models


class Migration(migrations.Migration):
    """Channels that are there already count as checked."""

    dependencies = [("channels", "0003_spending")]

    operations = [
        migrations.AddField(
            model_name="channel",
            name="doubt",
            field=models.JSONField(blank=True, null=True),
        ),
    ]
