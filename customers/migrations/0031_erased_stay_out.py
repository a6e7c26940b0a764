"""Whoever was erased gets no mail, also where another reason stood for the address or was lifted."""

from django.db import migrations

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
        migrations.RunSQL(ERASED_STAY_OUT, migrations.RunSQL.noop),
    ]
