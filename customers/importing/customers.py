"""Files of customers: who they are; what else the file says of them becomes attributes."""

from customers.importing.columns import Column, Reads
from customers.importing.kinds import Kind, Target

KIND = Kind(
    name="customers",
    columns=(
        Column("customer_id", required=True),
        Column("name", longest=300),
        Column("organisation_number", longest=50),
        Column("parent_id"),
        Column("signed_up_on", Reads.DAY),
        Column("owner_email", Reads.ADDRESS),
        Column("country", longest=100),
        Column("language", longest=20),
        Column("currency", Reads.CURRENCY),
    ),
    keeps_extras=True,
    resolve=("customers/resolve.sql", "circles.sql", "customers/parents.sql"),
    target=Target(
        table="customers_customer",
        columns={
            "external_id": "",
            "name": "name",
            "organisation_number": "organisation_number",
            "parent_id": "parent_id",
            "signed_up_on": "signed_up_on",
            "owner_id": "owner_email",
            "country": "country",
            "language": "language",
            "currency": "currency",
            "attributes": "*",
            "never_automatic": "",
            "created_at": "",
        },
        sourced=False,
        also_changed=True,
        called="external_id",
    ),
    publish=("customers/after.sql",),
    touched="SELECT c.id FROM decided d JOIN customers_customer c USING (external_id)"
    " WHERE d.outcome = 'created'",
)
