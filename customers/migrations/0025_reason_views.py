"""Four kinds of reason apart; what stands as one goes to who gave it."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from churnapp.permissions import grant_roles


# A reason that a colleague recorded is their view; one from elsewhere is what was stated.
SORT = """
    INSERT INTO customers_reasonview
        (cancellation_id, kind, reason_id, reason_version_id, recorded_at, recorded_by_id, source)
    SELECT id,
           CASE WHEN recorded_by_id IS NULL OR source_id IS NOT NULL THEN 'stated' ELSE 'csm' END,
           reason_id, reason_version_id, recorded_at, recorded_by_id, ''
    FROM customers_cancellation WHERE reason_id IS NOT NULL
"""


def grant(apps: Any, schema_editor: Any) -> None:
    grant_roles(apps)


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0024_competitors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReasonView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('stated', 'What the customer says'), ('text', 'Read from their words'), ('csm', 'Our own view'), ('behaviour', 'Seen in what they did')], max_length=10, verbose_name='kind')),
                ('source', models.CharField(blank=True, default='', max_length=100, verbose_name='source')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded')),
                ('superseded_at', models.DateTimeField(blank=True, null=True, verbose_name='superseded')),
                ('suggested', models.BooleanField(default=False, help_text='Worked out, and nobody has confirmed it yet.', verbose_name='suggested')),
                ('evidence', models.JSONField(blank=True, default=dict, help_text='The words or the warnings that speak for it.')),
                ('cancellation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='views', to='customers.cancellation')),
                ('reason', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='views', to='customers.cancellationreason')),
                ('reason_version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.reasonversion')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'view of a reason',
                'verbose_name_plural': 'views of reasons',
                'ordering': ['cancellation', 'kind', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('superseded_at', None)), fields=('cancellation', 'kind'), name='one_standing_view_a_kind')],
            },
        ),
        migrations.AddField(
            model_name='cancellation',
            name='read_at',
            field=models.DateTimeField(blank=True, editable=False, help_text='When words and behaviour were read.', null=True),
        ),
        migrations.RunSQL(SORT, migrations.RunSQL.noop),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
