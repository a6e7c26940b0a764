"""Topics of mail that readers choose, and when and how often they want any."""

from typing import Any

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from churnapp.permissions import grant_roles
from customers.ready_topics import TOPICS


def first_topics(apps: Any, schema_editor: Any) -> None:
    topic = apps.get_model("customers", "Topic")
    for place, fields in enumerate(TOPICS, 1):
        topic.objects.get_or_create(code=fields["code"], defaults={**fields, "place": place})
    grant_roles(apps)


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0036_segments'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='outgoingemail',
            name='kind',
            field=models.CharField(blank=True, db_default='', default='', help_text='Such as campaign.news: the reader’s topics go by it.', max_length=30, verbose_name='kind'),
        ),
        migrations.CreateModel(
            name='Topic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=30, unique=True, verbose_name='code')),
                ('purpose', models.CharField(choices=[('survey', 'survey'), ('campaign', 'campaign'), ('personal', 'personal mail'), ('notice', 'notice to staff')], max_length=20, verbose_name='purpose')),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), blank=True, default=list, verbose_name='kinds of mail')),
                ('words', models.JSONField(default=dict, verbose_name='words by language')),
                ('place', models.PositiveSmallIntegerField(default=1, verbose_name='place in the list')),
                ('by_default', models.BooleanField(default=True, help_text='Off: only who asked for it gets it.', verbose_name='for people who did not choose')),
            ],
            options={
                'verbose_name': 'topic of mail',
                'verbose_name_plural': 'topics of mail',
                'ordering': ['place', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('purpose__in', ['survey', 'campaign'])), name='topic_of_automatic_mail')],
            },
        ),
        migrations.CreateModel(
            name='MailWishes',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('paused_until', models.DateTimeField(blank=True, null=True, verbose_name='no mail until')),
                ('days_between', models.PositiveSmallIntegerField(blank=True, choices=[(30, 'at most one mail a month'), (90, 'at most one mail a quarter')], help_text='Empty: as offered.', null=True, verbose_name='how often')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='where they said so')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contact', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='mail_wishes', to='customers.contact')),
            ],
            options={
                'verbose_name': 'wish for less mail',
                'verbose_name_plural': 'wishes for less mail',
                'ordering': ['pk'],
                'indexes': [models.Index(condition=models.Q(('paused_until__isnull', False)), fields=['paused_until'], name='wishes_paused')],
            },
        ),
        migrations.CreateModel(
            name='TopicWish',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wanted', models.BooleanField(verbose_name='wanted')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='where they said so')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='topic_wishes', to='customers.contact', db_index=False)),
                ('topic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wishes', to='customers.topic')),
            ],
            options={
                'verbose_name': 'wish for a topic of mail',
                'verbose_name_plural': 'wishes for topics of mail',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('contact', 'topic'), name='one_wish_a_topic')],
            },
        ),
        migrations.RunPython(first_topics, migrations.RunPython.noop),
    ]
