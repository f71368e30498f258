from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deliveries', '0005_newer_approval'),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='under_way',
            field=models.BooleanField(default=False),
        ),
    ]
