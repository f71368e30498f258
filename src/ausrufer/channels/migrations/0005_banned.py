from django.db import migrations, models


class Migration(migrations.Migration):
    """A platform may restrict the account itself."""

    dependencies = [("channels", "0004_doubt")]

    operations = [
        migrations.AlterField(
            model_name="channel",
            name="held_for",
            field=models.CharField(
                blank=True,
                choices=[
                    ("patience", "bittet um Geduld"),
                    ("trouble", "gestört"),
                    ("access", "Zugang fehlt"),
                    ("banned", "gesperrt"),
                ],
                max_length=10,
            ),
        ),
    ]
