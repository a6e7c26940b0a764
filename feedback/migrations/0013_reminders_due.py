"""Reminders are looked for among invitations that are still open."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0029_tasks_made_once'),
        ('feedback', '0012_departures_told'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='invitation',
            index=models.Index(condition=models.Q(('called_back_at', None), ('contact__isnull', False), ('rule__isnull', False)), fields=['expires_at'], name='invitation_open'),
        ),
        migrations.AddIndex(
            model_name='invitation',
            index=models.Index(condition=models.Q(('reminded_at__isnull', False)), fields=['reminded_at'], name='invitation_reminded'),
        ),
    ]
