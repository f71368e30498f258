import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deliveries', '0004_follow_ups'),
        ('posts', '0007_framed'),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='newer_approval',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='posts.approval'),
        ),
    ]
