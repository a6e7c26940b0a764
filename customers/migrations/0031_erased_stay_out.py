"""Whoever was erased gets no mail, also where another reason stood for the address or was lifted.

And what a person agreed to may become unknown again.
"""

from django.db import migrations, models

ERASED_STAY_OUT = """
INSERT INTO customers_suppression (address_hmac, purpose, reason, created_at)
SELECT address_hmac, '', 'erased', min(at) FROM customers_erasure GROUP BY address_hmac
    ON CONFLICT (address_hmac, purpose) WHERE lifted_at IS NULL DO UPDATE SET reason = 'erased'
"""


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0030_suggestions_turned_down'),
    ]

    operations = [
        migrations.AlterField(
            model_name='consent',
            name='given',
            field=models.BooleanField(blank=True, help_text='Empty: it is not known any more.', null=True, verbose_name='agreed'),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, "DELETE FROM customers_consent WHERE given IS NULL"),
        migrations.RunSQL(ERASED_STAY_OUT, migrations.RunSQL.noop),
    ]
