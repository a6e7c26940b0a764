"""Competitors, the names they go by, their offers, and what the roles may do with them."""

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
        ('customers', '0023_mentions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Competitor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('website', models.URLField(blank=True, max_length=2000, verbose_name='website')),
                ('notes', models.TextField(blank=True, verbose_name='notes')),
                ('retired_at', models.DateTimeField(blank=True, null=True, verbose_name='retired')),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='customers.competitor', verbose_name='merged into')),
            ],
            options={
                'verbose_name': 'competitor',
                'verbose_name_plural': 'competitors',
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CompetitorName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=200, verbose_name='name')),
                ('plain', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Lower(django.db.models.functions.text.Trim(models.Func(models.F('text'), models.Value('\\s+'), models.Value(' '), models.Value('g'), function='regexp_replace'), output_field=models.TextField())), output_field=models.TextField())),
                ('competitor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='names', to='customers.competitor', verbose_name='competitor')),
            ],
            options={
                'verbose_name': 'name of a competitor',
                'verbose_name_plural': 'names of competitors',
                'ordering': ['plain', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CompetitorOffer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='offer')),
                ('amount_minor', models.BigIntegerField(blank=True, null=True, verbose_name='price, minor units')),
                ('currency', models.CharField(blank=True, max_length=3, verbose_name='currency')),
                ('per', models.CharField(blank=True, choices=[('month', 'a month'), ('year', 'a year'), ('seat_month', 'a user a month'), ('seat_year', 'a user a year'), ('once', 'once')], max_length=10, verbose_name='per')),
                ('seen_on', models.DateField(verbose_name='seen on')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='ended on')),
                ('url', models.URLField(blank=True, max_length=2000, verbose_name='source')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded')),
                ('competitor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='customers.competitor', verbose_name='competitor')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'offer of a competitor',
                'verbose_name_plural': 'offers of competitors',
                'ordering': ['-seen_on', '-pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='competitor',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', None), models.Q(('merged_into', models.F('id')), _negated=True), _connector='OR'), name='competitor_not_into_itself'),
        ),
        migrations.AddConstraint(
            model_name='competitorname',
            constraint=models.UniqueConstraint(fields=('plain',), name='one_competitor_a_name'),
        ),
        migrations.AddConstraint(
            model_name='competitorname',
            constraint=models.CheckConstraint(condition=models.Q(('plain', ''), _negated=True), name='competitor_name_not_empty'),
        ),
        migrations.AddIndex(
            model_name='competitoroffer',
            index=models.Index(fields=['competitor', '-seen_on', '-id'], name='competitor_offers'),
        ),
        migrations.AddConstraint(
            model_name='competitoroffer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount_minor', None), ('currency', ''), ('per', '')), models.Q(('amount_minor__gte', 0), models.Q(('currency', ''), _negated=True), models.Q(('per', ''), _negated=True)), _connector='OR'), name='competitor_offer_price_whole'),
        ),
        migrations.AddConstraint(
            model_name='competitoroffer',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('seen_on')), _connector='OR'), name='competitor_offer_ends_after'),
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
