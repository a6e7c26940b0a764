"""Work on complaints, and what the roles may do with it."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from churnapp.permissions import grant_roles


def grant(apps: Any, schema_editor: Any) -> None:
    grant_roles(apps)


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0021_mail_astray'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Complaint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_on', models.DateField(verbose_name='due on')),
                ('resolution', models.TextField(blank=True, verbose_name='resolution')),
                ('resolved_at', models.DateTimeField(blank=True, null=True, verbose_name='resolved')),
                ('confirmed', models.BooleanField(blank=True, null=True, verbose_name='the customer agrees')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name="customer's answer")),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='work', to='customers.interaction')),
                ('feature', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.feature', verbose_name='feature')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='complaints', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('reason', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.cancellationreason', verbose_name='cause')),
                ('task', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.task')),
            ],
            options={
                'verbose_name': 'complaint',
                'verbose_name_plural': 'complaints',
                'ordering': ['due_on', 'pk'],
                'indexes': [models.Index(condition=models.Q(('resolved_at', None)), fields=['due_on', 'id'], name='complaint_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('confirmed', None), ('confirmed_at', None)), models.Q(('confirmed__isnull', False), ('confirmed_at__isnull', False)), _connector='OR'), name='complaint_answer_has_moment'), models.CheckConstraint(condition=models.Q(('confirmed', True), ('resolved_at', None), _negated=True), name='complaint_agreed_is_resolved')],
            },
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
