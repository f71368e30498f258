import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0002_connecting")]

    operations = [
        migrations.CreateModel(
            name="Spending",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                ("key", models.CharField(max_length=200, unique=True)),
                ("cents", models.DecimalField(decimal_places=3, max_digits=10)),
                ("what", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="spendings", to="channels.channel"
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["channel", "month"], name="spending_month")]},
        ),
    ]
