import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from churnapp.permissions import grant_roles


def grant(apps, schema_editor):
    grant_roles(apps)


def make_rules(apps, schema_editor):
    apps.get_model("campaigns", "OfferRules").objects.get_or_create(pk=1)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('customers', '0035_answers_to_mentions'),
        ('feedback', '0017_merged_themes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
                ('kind', models.CharField(choices=[('percent', 'Discount in percent'), ('amount', 'Discount of an amount'), ('free', 'Free months'), ('pause', 'Pause'), ('downgrade', 'Smaller plan'), ('plan', 'Another plan'), ('term', 'Longer contract'), ('content', 'Exclusive content'), ('loyalty', 'Loyalty reward'), ('call', 'Personal call')], max_length=10, verbose_name='kind')),
                ('percent', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='percent')),
                ('amount_minor', models.BigIntegerField(blank=True, null=True, verbose_name='amount, minor units')),
                ('currency', models.CharField(blank=True, default='', max_length=3, verbose_name='currency')),
                ('months', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='months')),
                ('texts', models.JSONField(default=dict, verbose_name='texts')),
                ('address', models.URLField(blank=True, default='', max_length=500, verbose_name='address')),
                ('fulfilment', models.CharField(choices=[('here', 'here, in the subscription'), ('task', 'by a task for the owner')], default='here', max_length=4, verbose_name='carried out')),
                ('eligible', models.TextField(blank=True, default='', help_text='A segment; empty means every customer.', verbose_name='for whom')),
                ('days_to_accept', models.PositiveSmallIntegerField(default=14, verbose_name='days to accept')),
                ('cool_down_days', models.PositiveSmallIntegerField(default=90, verbose_name='days until it is made again')),
                ('most_a_customer', models.PositiveSmallIntegerField(default=1, verbose_name='most for one customer')),
                ('most_in_total', models.PositiveIntegerField(blank=True, null=True, verbose_name='most in all')),
                ('budget_minor', models.BigIntegerField(blank=True, null=True, verbose_name='budget, minor units')),
                ('fixed_cost_minor', models.BigIntegerField(default=0, verbose_name='fixed cost, minor units')),
                ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='approved')),
                ('stopped_at', models.DateTimeField(blank=True, null=True, verbose_name='stopped')),
                ('archived_at', models.DateTimeField(blank=True, null=True, verbose_name='archived')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('changed_at', models.DateTimeField(verbose_name='changed')),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('changed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plan', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.plan', verbose_name='plan')),
            ],
            options={
                'verbose_name': 'offer',
                'verbose_name_plural': 'offers',
                'ordering': ['name'],
                'permissions': [('approve_offer', 'Can approve offers')],
            },
        ),
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True, verbose_name='made once by')),
                ('nonce', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField(verbose_name='made')),
                ('expires_at', models.DateTimeField(verbose_name='until')),
                ('state', models.CharField(choices=[('open', 'open'), ('accepted', 'accepted'), ('declined', 'declined'), ('expired', 'expired'), ('taken_back', 'taken back')], default='open', max_length=10, verbose_name='state')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='settled')),
                ('cost_minor', models.BigIntegerField(verbose_name='cost, minor units')),
                ('agreed', models.JSONField(blank=True, default=dict, verbose_name='agreed')),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='undone')),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='offers_made', to='customers.contact')),
                ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='offers_made', to='customers.customer')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('subscription', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.subscription')),
                ('task', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.task')),
                ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('offer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='campaigns.offer')),
            ],
            options={
                'verbose_name': 'offer made',
                'verbose_name_plural': 'offers made',
                'ordering': ['-made_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='OfferRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('most_cost_minor', models.BigIntegerField(blank=True, null=True, verbose_name='cost for one customer that needs approval')),
                ('most_budget_minor', models.BigIntegerField(blank=True, null=True, verbose_name='budget that needs approval')),
                ('changed_at', models.DateTimeField(blank=True, null=True, verbose_name='changed')),
                ('changed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'rules for offers',
                'verbose_name_plural': 'rules for offers',
            },
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='offer_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('kind__in', ['percent']), _negated=True), ('percent__isnull', False), _connector='OR'), models.Q(('percent', None), models.Q(('percent__gte', 1), ('percent__lte', 100)), _connector='OR')), name='offer_percent_is_share'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('kind__in', ['amount']), _negated=True), ('amount_minor__gt', 0), _connector='OR'), models.Q(models.Q(('kind__in', ['downgrade', 'plan']), _negated=True), ('amount_minor__gte', 0), _connector='OR'), models.Q(models.Q(('amount_minor', None), ('currency', '')), models.Q(('amount_minor__gte', 0), models.Q(('currency', ''), _negated=True)), _connector='OR')), name='offer_amount_with_currency'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('kind__in', ['percent', 'amount', 'free', 'pause', 'term']), _negated=True), ('months__isnull', False), _connector='OR'), models.Q(('months', None), models.Q(('months__gte', 1), ('months__lte', 120)), _connector='OR')), name='offer_months_in_reach'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['downgrade', 'plan']), _negated=True), ('plan__isnull', False), _connector='OR'), name='offer_plan_there'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'content'), _negated=True), models.Q(('address', ''), _negated=True), _connector='OR'), name='offer_content_has_address'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('days_to_accept__gte', 1), ('days_to_accept__lte', 365), ('most_a_customer__gte', 1)), name='offer_can_be_accepted'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('fixed_cost_minor__gte', 0), models.Q(('budget_minor', None), ('budget_minor__gte', 0), _connector='OR')), name='offer_costs_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', None), ('created_by', None), models.Q(('approved_by', models.F('created_by')), _negated=True), _connector='OR'), name='offer_approved_by_another'),
        ),
        migrations.AddIndex(
            model_name='grant',
            index=models.Index(fields=['offer', '-made_at', '-id'], name='grant_of_offer'),
        ),
        migrations.AddIndex(
            model_name='grant',
            index=models.Index(fields=['offer', 'state'], include=('expires_at', 'cost_minor'), name='grant_costs'),
        ),
        migrations.AddIndex(
            model_name='grant',
            index=models.Index(fields=['customer', 'offer', '-made_at'], name='grant_of_customer'),
        ),
        migrations.AddIndex(
            model_name='grant',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['expires_at'], name='grant_open'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(('cost_minor__gte', 0)), name='grant_cost_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='grant_open_for_a_while'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='grant_settled_or_open'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(('undone_at', None), ('state', 'accepted'), _connector='OR'), name='grant_undone_if_accepted'),
        ),
        migrations.AddConstraint(
            model_name='offerrules',
            constraint=models.CheckConstraint(condition=models.Q(('pk', 1)), name='offer_rules_are_one'),
        ),
        migrations.AddConstraint(
            model_name='offerrules',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('most_cost_minor', None), ('most_cost_minor__gte', 0), _connector='OR'), models.Q(('most_budget_minor', None), ('most_budget_minor__gte', 0), _connector='OR')), name='offer_rules_not_negative'),
        ),
        migrations.RunPython(make_rules, migrations.RunPython.noop),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
