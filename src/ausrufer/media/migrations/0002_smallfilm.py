from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("media", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="SmallFilm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("of", models.CharField(max_length=64)),
                ("longer", models.PositiveSmallIntegerField()),
                ("shorter", models.PositiveSmallIntegerField()),
                ("digest", models.CharField(blank=True, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "Asked"), ("done", "Done"), ("refused", "Refused")],
                        default="asked",
                        max_length=10,
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("of", "longer", "shorter"), name="one_small_film")],
            },
        ),
    ]
