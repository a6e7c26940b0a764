"""Who wrote a personal mail, and the page where a task is taken up."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0027_patience'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='outgoingemail',
            name='written_by',
            field=models.ForeignKey(blank=True, help_text='Who stands as its sender and gets the replies.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by'),
        ),
        migrations.AddField(
            model_name='task',
            name='page',
            field=models.CharField(blank=True, db_default='', default='', help_text='Where it is taken up: the path of a page of this installation.', max_length=200, verbose_name='page'),
        ),
    ]
