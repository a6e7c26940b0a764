"""Mentions, files of them, and what the roles may do with them."""

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
        ('customers', '0022_complaints'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('social', 'social media'), ('review', 'review'), ('word', 'word of mouth')], max_length=10, verbose_name='kind')),
                ('site', models.CharField(blank=True, help_text='Such as Trustpilot or LinkedIn.', max_length=200, verbose_name='where')),
                ('external_id', models.CharField(blank=True, max_length=200, null=True, verbose_name='id elsewhere')),
                ('url', models.CharField(blank=True, max_length=2000, verbose_name='address')),
                ('author', models.CharField(blank=True, max_length=200, verbose_name='author')),
                ('author_email', models.CharField(blank=True, max_length=254, verbose_name="author's e-mail address")),
                ('company', models.CharField(blank=True, max_length=300, verbose_name='company')),
                ('domain', models.CharField(blank=True, max_length=253, verbose_name='domain')),
                ('text', models.TextField(blank=True, verbose_name='words')),
                ('rating', models.DecimalField(blank=True, decimal_places=2, help_text='Of 5.', max_digits=3, null=True, verbose_name='rating')),
                ('sentiment', models.SmallIntegerField(blank=True, help_text='−1 bad, 0 neutral, 1 good.', null=True, verbose_name='sentiment')),
                ('occurred_at', models.DateTimeField(verbose_name='when')),
                ('matched_by', models.CharField(blank=True, choices=[('', 'not matched'), ('customer_id', 'by customer id'), ('email', 'by e-mail address'), ('domain', 'by domain'), ('name', 'by name'), ('person', 'by a person'), ('nobody', 'none of our customers')], default='', max_length=15, verbose_name='matched')),
                ('reply_by', models.DateField(blank=True, null=True, verbose_name='reply by')),
                ('replied_at', models.DateTimeField(blank=True, null=True, verbose_name='replied')),
            ],
            options={
                'verbose_name': 'mention',
                'verbose_name_plural': 'mentions',
                'ordering': ['-occurred_at', '-pk'],
            },
        ),
        migrations.AlterField(
            model_name='columnmapping',
            name='kind',
            field=models.CharField(choices=[('customers', 'customers'), ('contacts', 'contacts'), ('subscriptions', 'subscriptions'), ('cancellations', 'cancellations'), ('usage', 'usage'), ('spend', 'spend'), ('interactions', 'interactions'), ('rates', 'exchange rates'), ('features', 'features'), ('payments', 'payments'), ('mentions', 'mentions'), ('responses', 'answers to surveys')], max_length=15),
        ),
        migrations.AlterField(
            model_name='import',
            name='kind',
            field=models.CharField(choices=[('customers', 'customers'), ('contacts', 'contacts'), ('subscriptions', 'subscriptions'), ('cancellations', 'cancellations'), ('usage', 'usage'), ('spend', 'spend'), ('interactions', 'interactions'), ('rates', 'exchange rates'), ('features', 'features'), ('payments', 'payments'), ('mentions', 'mentions'), ('responses', 'answers to surveys')], max_length=15, verbose_name='kind'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(django.db.models.functions.text.Lower('email'), name='contact_by_address'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(models.Func(django.db.models.functions.text.Lower('email'), models.Value('@'), models.Value(2), function='SPLIT_PART'), name='contact_by_domain'),
        ),
        migrations.AddField(
            model_name='mention',
            name='contact',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='mentions', to='customers.contact'),
        ),
        migrations.AddField(
            model_name='mention',
            name='customer',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='mentions', to='customers.customer', verbose_name='customer'),
        ),
        migrations.AddField(
            model_name='mention',
            name='owner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='mentions', to=settings.AUTH_USER_MODEL, verbose_name='owner'),
        ),
        migrations.AddField(
            model_name='mention',
            name='source',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.import'),
        ),
        migrations.AddIndex(
            model_name='mention',
            index=models.Index(fields=['-occurred_at', '-id'], name='mention_by_day'),
        ),
        migrations.AddIndex(
            model_name='mention',
            index=models.Index(condition=models.Q(('replied_at', None)), fields=['reply_by', 'id'], name='mention_to_answer'),
        ),
        migrations.AddConstraint(
            model_name='mention',
            constraint=models.UniqueConstraint(fields=('external_id',), name='one_mention_an_id'),
        ),
        migrations.AddConstraint(
            model_name='mention',
            constraint=models.CheckConstraint(condition=models.Q(('rating', None), models.Q(('rating__gte', 0), ('rating__lte', 5)), _connector='OR'), name='mention_rating_range'),
        ),
        migrations.AddConstraint(
            model_name='mention',
            constraint=models.CheckConstraint(condition=models.Q(('sentiment', None), models.Q(('sentiment__gte', -1), ('sentiment__lte', 1)), _connector='OR'), name='mention_sentiment_range'),
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
