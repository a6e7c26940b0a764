"""An address names one person at a customer however it is written; doubles become the first of them."""

from django.db import migrations, models
from django.db.models.functions import Lower

DOUBLES = """
    SELECT id, min(id) OVER (PARTITION BY customer_id, lower(email)) AS kept_id FROM customers_contact
"""
ONE_OF_DOUBLES = (
    f"UPDATE customers_interaction i SET contact_id = d.kept_id FROM ({DOUBLES}) d"  # noqa: S608
    " WHERE i.contact_id = d.id AND d.id <> d.kept_id",
    f"DELETE FROM customers_contact c USING ({DOUBLES}) d"  # noqa: S608
    " WHERE c.id = d.id AND d.id <> d.kept_id",
    # What hangs on the rows is checked now: the table can't be altered before.
    "SET CONSTRAINTS ALL IMMEDIATE",
    "SET CONSTRAINTS ALL DEFERRED",
)


class Migration(migrations.Migration):
    dependencies = [("customers", "0010_superseded_terms")]
    operations = [
        migrations.RunSQL(list(ONE_OF_DOUBLES), migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="contact", name="one_contact_an_address"),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.UniqueConstraint(
                "customer", Lower("email"), name="one_contact_an_address"
            ),
        ),
    ]
