"""Files of cancellations: who left and why. They never end a term."""

from customers.importing.columns import Column, Reads
from customers.importing.kinds import Kind, Target

KIND = Kind(
    name="cancellations",
    columns=(
        Column("customer_id", required=True),
        Column("subscription_id", longest=400),
        Column("external_id"),
        Column("requested_at", Reads.MOMENT),
        Column("effective_on", Reads.DAY, required=True),
        Column("reason"),
        Column("comment", longest=100_000),
        Column("competitor"),
        Column("involuntary", Reads.FLAG),
    ),
    resolve=("reason_wordings.sql", "cancellations/resolve.sql", "unknown_customer.sql"),
    before=("cancellations/before.sql",),
    target=Target(
        table="customers_cancellation",
        columns={
            "customer_id": "*",
            "subscription_id": "subscription_id",
            "external_id": "",
            "requested_at": "requested_at",
            "effective_on": "effective_on",
            "reason_id": "reason",
            "reason_version_id": "",
            "comment": "comment",
            "competitor": "competitor",
            "involuntary": "involuntary",
            "missing_feature": "",
            "ended_terms": "",
            "recorded_at": "",
        },
        called="customer_key || ' ' || effective_on",
    ),
)
