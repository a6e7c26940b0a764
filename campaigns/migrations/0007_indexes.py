import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0006_library'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(django.db.models.functions.text.Lower('email'), name='referral_by_address'),
        ),
        migrations.AddIndex(
            model_name='recommendation',
            index=models.Index(condition=models.Q(('dismissed_at__isnull', False)), fields=['id'], name='recommendation_dismissed'),
        ),
    ]
