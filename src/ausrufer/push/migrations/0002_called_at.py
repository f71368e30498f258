from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('push', '0001_subscriptions'),
    ]

    operations = [
        migrations.AddField(
            model_name='pushmailing',
            name='called_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
