from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deliveries', '0003_changes'),
    ]

    operations = [
        migrations.AlterField(
            model_name='change',
            name='act',
            field=models.CharField(choices=[('publish', 'veröffentlichen'), ('correct', 'berichtigen'), ('withdraw', 'zurücknehmen'), ('follow', 'Bilder folgen lassen')], max_length=10),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='act',
            field=models.CharField(choices=[('publish', 'veröffentlichen'), ('correct', 'berichtigen'), ('withdraw', 'zurücknehmen'), ('follow', 'Bilder folgen lassen')], default='publish', max_length=10),
        ),
        migrations.RemoveConstraint(
            model_name='delivery',
            name='one_delivery_per_channel',
        ),
        migrations.RemoveConstraint(
            model_name='delivery',
            name='one_delivery_per_change',
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(condition=models.Q(('change', None)), fields=('release', 'channel', 'act'), name='one_delivery_per_channel'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('change', 'of'), name='one_delivery_per_change'),
        ),
    ]
