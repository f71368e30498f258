from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('posts', '0006_look_ups'),
    ]

    operations = [
        migrations.AddField(
            model_name='attachment',
            name='framed',
            field=models.JSONField(blank=True, null=True),
        ),
    ]
