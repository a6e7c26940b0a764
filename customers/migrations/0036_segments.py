"""Saved segments, and what filters by movements, reasons and competitors need to be quick."""

from typing import Any

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from churnapp.permissions import grant_roles


def grant(apps: Any, schema_editor: Any) -> None:
    grant_roles(apps)


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0035_answers_to_mentions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Segment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('query', models.TextField(verbose_name='conditions')),
                ('contact_query', models.TextField(blank=True, verbose_name='conditions on contacts')),
                ('frozen_at', models.DateTimeField(blank=True, null=True, verbose_name='frozen')),
                ('created_at', models.DateTimeField(verbose_name='created')),
                ('changed_at', models.DateTimeField(verbose_name='changed')),
                ('archived_at', models.DateTimeField(blank=True, null=True, verbose_name='archived')),
            ],
            options={
                'verbose_name': 'segment',
                'verbose_name_plural': 'segments',
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='SegmentMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'verbose_name': 'member of a frozen segment',
                'verbose_name_plural': 'members of frozen segments',
            },
        ),
        migrations.AddIndex(
            model_name='cancellation',
            index=models.Index(condition=models.Q(('withdrawn_at', None)), fields=['customer', '-effective_on', '-id'], name='cancellation_last'),
        ),
        migrations.AddIndex(
            model_name='cancellation',
            index=models.Index(django.db.models.functions.text.Lower(django.db.models.functions.text.Trim(models.Func(models.F('missing_feature'), models.Value('\\s+'), models.Value(' '), models.Value('g'), function='regexp_replace'), output_field=models.TextField())), condition=models.Q(('missing_feature', ''), _negated=True), name='cancellation_by_feature'),
        ),
        migrations.AddIndex(
            model_name='cancellation',
            index=models.Index(django.db.models.functions.text.Lower(django.db.models.functions.text.Trim(models.Func(models.F('competitor'), models.Value('\\s+'), models.Value(' '), models.Value('g'), function='regexp_replace'), output_field=models.TextField())), condition=models.Q(('competitor', ''), _negated=True), name='cancellation_by_rival'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(condition=models.Q(('lost_on__isnull', False)), fields=['lost_on'], name='standing_by_loss'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(condition=models.Q(('first_paid_on__isnull', False)), fields=['first_paid_on'], name='standing_by_first_payment'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(condition=models.Q(('contract_ends_on__isnull', False)), fields=['contract_ends_on'], name='standing_by_contract'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(condition=models.Q(('notice_by__isnull', False)), fields=['notice_by'], name='standing_by_notice'),
        ),
        migrations.AddField(
            model_name='segment',
            name='changed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='segment',
            name='created_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='segmentmember',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='frozen_in', to='customers.customer', verbose_name='customer'),
        ),
        migrations.AddField(
            model_name='segmentmember',
            name='segment',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='members', to='customers.segment', verbose_name='segment'),
        ),
        migrations.AddConstraint(
            model_name='segment',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('name'), condition=models.Q(('archived_at', None)), name='one_segment_a_name'),
        ),
        migrations.AddConstraint(
            model_name='segment',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='segment_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='segment',
            constraint=models.CheckConstraint(condition=models.Q(('query', ''), _negated=True), name='segment_has_conditions'),
        ),
        migrations.AddConstraint(
            model_name='segmentmember',
            constraint=models.UniqueConstraint(fields=('segment', 'customer'), name='one_member_a_customer'),
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
